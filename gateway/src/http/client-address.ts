import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import proxyAddress from 'proxy-addr';

/**
 * Returns the client's IP address. Each proxy appends the address of its own client to `X-Forwarded-For`. Only the
 * entries that trusted proxies appended are reliable, because the client itself can send a header with any value.
 * @param trustedProxyHops the number of trusted proxies in front of the gateway
 * @param remoteAddress the address of the connection's peer, read while the connection was open
 */
export function clientAddress(
  request: IncomingMessage,
  trustedProxyHops: number,
  remoteAddress = request.socket.remoteAddress,
): string {
  const peer = plain(remoteAddress ?? '');
  if (trustedProxyHops === 0) return peer;
  // `all` begins with the connection's address and ends with the first address that is not a trusted proxy.
  const claimed = proxyAddress.all(request, (_address, hop) => hop < trustedProxyHops).at(-1);
  const address = plain(claimed ?? '');
  return isIP(address) === 0 ? peer : address;
}

/**
 * Removes the port that some proxies append, and the IPv6 prefix that dual-stack sockets put before an IPv4 address
 * (`::ffff:192.0.2.1`).
 */
function plain(address: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address;
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1];
  return ipv4 ?? bare;
}
