import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createLingering } from './lingering.ts';

/** Answers at once, before the body is read. Only one connection lingers. */
let server: Server;
const sockets: Socket[] = [];
beforeAll(async () => {
  const lingering = createLingering(1);
  server = createServer((_request, response) => {
    response.writeHead(413, { connection: 'close', 'content-length': 8 });
    lingering.send(response, 'too long');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Opens a connection that announces a body of 1,000 bytes and sends part of it. */
async function open(): Promise<{ socket: Socket; received: Promise<string> }> {
  // The server listens on a port.
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nbody');
  return { socket, received: text(socket) };
}

describe('a connection whose client still sends a body', () => {
  it('stays open until the body ends, but further connections are closed at once', async () => {
    const first = await open();
    await once(first.socket, 'readable');
    const second = await open();
    expect(await second.received).toContain('too long');
    expect(first.socket.readableEnded).toBe(false);
    first.socket.write('.'.repeat(996));
    expect(await first.received).toContain('too long');
    const third = await open();
    await once(third.socket, 'readable');
    third.socket.write('.'.repeat(996));
    expect(await third.received).toContain('too long');
  });
});
