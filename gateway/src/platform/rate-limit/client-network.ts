import { isIPv6 } from 'node:net';

/**
 * What a limit per address counts by: an IPv4 address, or the /64 network of an IPv6 address, since one
 * subscriber has all of its 2^64 addresses (RFC 6177). `::ffff:192.0.2.1` is 192.0.2.1 (RFC 4291, 2.5.5.2).
 */
export function clientNetwork(ipAddress: string): string {
  const address = ipAddress.split('%', 1)[0] ?? '';
  if (!isIPv6(address)) return ipAddress;
  const groups = expand(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of a valid IPv6 address. */
function expand(address: string): number[] {
  // The URL parser writes a dotted ending in hexadecimal and compresses the zeros.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after = ''] = canonical.split('::');
  const head = parseGroups(before);
  const tail = parseGroups(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

const parseGroups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
