import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import proxyAddress from 'proxy-addr';

/**
 * The address that a request comes from.
 *
 * Each proxy appends to `X-Forwarded-For` the address it was called from. Only the last entries, one for each proxy of
 * ours, are trustworthy; a client may write anything before them.
 * @param trustedProxyHops how many proxies of ours are in front of the gateway
 * @param remoteAddress the connection's peer, read while the connection was open
 */
export function clientAddress(
  request: IncomingMessage,
  trustedProxyHops: number,
  remoteAddress = request.socket.remoteAddress,
): string {
  const peer = plain(remoteAddress ?? '');
  if (trustedProxyHops === 0) return peer;
  // The addresses up to the first one that is not a proxy of ours, beginning at the connection.
  const claimed = proxyAddress.all(request, (_address, hop) => hop < trustedProxyHops).at(-1);
  const address = plain(claimed ?? '');
  return isIP(address) === 0 ? peer : address;
}

/** `::ffff:192.0.2.1` is how a socket for both families writes 192.0.2.1; some proxies add a port. */
function plain(address: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address;
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1];
  return ipv4 ?? bare;
}
