import { isIPv6 } from 'node:net';

/**
 * Returns a client's identity for rate limits by address: its IPv4 address, or the /64 network of its IPv6 address,
 * because one subscriber can use all 2^64 addresses in that network (RFC 6177). `::ffff:192.0.2.1` is treated as
 * 192.0.2.1 (RFC 4291, section 2.5.5.2).
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

/** Returns the eight groups of a valid IPv6 address. */
function expand(address: string): number[] {
  // The URL parser converts a dotted IPv4 suffix to hexadecimal and compresses zeros.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after = ''] = canonical.split('::');
  const head = parseGroups(before);
  const tail = parseGroups(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

const parseGroups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
