import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CancelProxy {
  /** The URL that it was given, leading through the proxy. */
  readonly url: string;
  /** Cancel requests that came so far. */
  readonly cancels: () => number;
  /** From now on nothing comes back from PostgreSQL, and no connection ends. */
  silence(): void;
  close(): Promise<void>;
}

/** Of a cancel request, where others have the version of the protocol (PostgreSQL manual, 54.7). */
const cancelCode = 80_877_102;

/**
 * A TCP proxy in front of PostgreSQL that asks what to do with each cancel request: once the promise is there,
 * it is passed on, or for false dropped, and the client told the same either way.
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
  // A server on TCP has an address with a port.
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
