import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address that a request comes from.
 *
 * Each proxy appends to `X-Forwarded-For` whom it was called by, so that only the last entries, one for each
 * proxy of ours, can be believed; a client may write whatever it likes before them.
 * @param trustedProxyHops how many proxies of ours stand in front
 * @param remoteAddress what the connection said while it was open
 */
export function clientAddress(
  request: IncomingMessage,
  trustedProxyHops: number,
  remoteAddress = request.socket.remoteAddress,
): string {
  const peer = plain(remoteAddress ?? '');
  if (trustedProxyHops === 0) return peer;
  const forwarded = [request.headers['x-forwarded-for'] ?? []]
    .flat()
    .flatMap((header) => header.split(','))
    .map((entry) => plain(entry.trim()));
  const claimed = forwarded.at(-trustedProxyHops) ?? forwarded[0];
  return claimed !== undefined && isIP(claimed) !== 0 ? claimed : peer;
}

/** `::ffff:192.0.2.1` is how a socket for both families writes 192.0.2.1; some proxies add a port. */
function plain(address: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address;
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1];
  return ipv4 ?? bare;
}
