import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface StallingProxy {
  /** The target URL, but with the proxy's address. */
  readonly url: string;
  /** Stops forwarding in both directions without closing connections, like a network that silently drops packets. */
  stall(): void;
  resume(): void;
  /** Closes every connection. */
  cut(): void;
  /** Closes every connection and rejects new ones until `resume`, as if the target were down. */
  goDown(): void;
  close(): Promise<void>;
}

/** Starts a TCP proxy on the loopback interface for the host of `targetUrl`, to simulate network failures. */
export async function startStallingProxy(targetUrl: string): Promise<StallingProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let stalled = false;
  let down = false;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Errors on closed connections are expected.
    socket.on('error', () => socket.destroy());
    if (stalled) socket.pause();
  };

  const server = createServer((downstream) => {
    if (down) return void downstream.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    keep(downstream);
    keep(upstream);
    forward(downstream, upstream);
    forward(upstream, downstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${address.port}`;

  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    stall() {
      stalled = true;
      sockets.forEach((socket) => socket.pause());
    },
    resume() {
      stalled = false;
      down = false;
      sockets.forEach((socket) => socket.resume());
    },
    cut,
    goDown() {
      down = true;
      cut();
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(from: Socket, to: Socket): void {
  from.on('data', (bytes) => to.write(bytes));
  from.on('close', () => to.destroy());
}
