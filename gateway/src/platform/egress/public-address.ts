import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * The IPv4 networks that are not on the public internet, from the special-purpose address registry (RFC 6890): private,
 * loopback, link-local, shared (CGNAT), documentation, benchmarking, multicast and reserved addresses.
 */
const closedIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/**
 * All public IPv6 addresses are in this network (RFC 4291, section 2.4). It does not contain loopback, link-local,
 * unique-local, multicast, IPv4-mapped and NAT64 addresses.
 */
const globalIpv6 = ['2000::', 3] as const;
/** The parts of it that are not public: Teredo and other protocol assignments, documentation, 6to4. */
const closedIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const closed = new BlockList();
for (const [network, prefix] of closedIpv4) closed.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of closedIpv6) closed.addSubnet(network, prefix, 'ipv6');
const global = new BlockList();
global.addSubnet(...globalIpv6, 'ipv6');

/** Reports whether a text is an address on the public internet. False for an address with a zone id (`fe80::1%eth0`). */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  return global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}
