import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CancelProxy {
  /** The target URL, but with the proxy's address. */
  readonly url: string;
  /** Returns the number of cancel requests so far. */
  readonly cancels: () => number;
  /** Stops forwarding data from PostgreSQL without closing connections. */
  silence(): void;
  close(): Promise<void>;
}

/**
 * Identifies a cancel request. In other initial messages, the protocol version is at the same position (PostgreSQL
 * manual, 54.7).
 */
const cancelCode = 80_877_102;

/**
 * Starts a TCP proxy in front of PostgreSQL. It calls `onCancel` for each cancel request and waits for the result: true
 * forwards the request and false drops it. The client cannot see the difference.
 */
export async function startCancelProxy(
  targetUrl: string,
  onCancel: (number: number) => Promise<boolean>,
): Promise<CancelProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const silenced: (() => void)[] = [];
  let cancels = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const passOn = (downstream: Socket, first: Buffer) => {
    const upstream = connect(Number(target.port), target.hostname);
    keep(upstream);
    upstream.write(first);
    downstream.pipe(upstream).pipe(downstream);
    silenced.push(() => upstream.unpipe(downstream));
    upstream.on('close', () => downstream.destroy());
    downstream.on('close', () => upstream.destroy());
  };
  const server = createServer((downstream) => {
    keep(downstream);
    downstream.once('data', (first) => {
      if (first.length < 8 || first.readInt32BE(4) !== cancelCode) {
        passOn(downstream, first);
        return;
      }
      cancels += 1;
      void onCancel(cancels).then((isPassed) => {
        if (isPassed) passOn(downstream, first);
        else downstream.end();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a TCP server has a port.
  const { port } = server.address() as AddressInfo;
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    cancels: () => cancels,
    silence: () => silenced.forEach((each) => each()),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
