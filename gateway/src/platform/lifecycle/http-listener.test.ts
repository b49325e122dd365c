import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { listen, type HttpListener, type HttpListenerOptions } from './http-listener.ts';

/** Starts a server whose requests are handled by the test. */
async function startListener(
  limits: Pick<HttpListenerOptions, 'maxConnections' | 'maxPerNetwork'> = {},
) {
  const waiting: ServerResponse[] = [];
  const takers: ((response: ServerResponse) => void)[] = [];
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    ...limits,
    handle: (_request, response) => {
      const taker = takers.shift();
      if (taker === undefined) waiting.push(response);
      else taker(response);
    },
  });
  const nextRequest = () =>
    new Promise<ServerResponse>((resolve) => {
      const response = waiting.shift();
      if (response === undefined) takers.push(resolve);
      else resolve(response);
    });
  return { listener, nextRequest };
}

function get(listener: HttpListener, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: listener.host, port: listener.port, agent }, resolve).on('error', reject).end();
  });
}

async function sendRaw(listener: HttpListener, bytes: string): Promise<string> {
  const socket = connect(listener.port, listener.host);
  socket.end(bytes);
  return text(socket);
}

const keepAlive = () => new Agent({ keepAlive: true });

describe('open connections', () => {
  it.each(['maxConnections', 'maxPerNetwork'])('are limited by %s', async (limit) => {
    const { listener } = await startListener({ [limit]: 2 });
    const open = Array.from({ length: 2 }, () => connect(listener.port, listener.host));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    // A connection beyond the limit is reset or ends without a response.
    const attempt = () => sendRaw(listener, 'no HTTP\r\n\r\n').catch(() => '');
    expect(await attempt()).toBe('');
    open[0]?.destroy();
    await expect.poll(attempt).toContain('400 Bad Request');
    open[1]?.destroy();
    await listener.drain(1_000);
  });
});

describe('drain', () => {
  it('finishes the current request on a keep-alive connection and accepts no new connections', async () => {
    const { listener, nextRequest } = await startListener();
    const answer = get(listener, keepAlive());
    const response = await nextRequest();
    const drained = listener.drain(20_000);
    await expect(get(listener, keepAlive())).rejects.toThrow('ECONNREFUSED');
    response.end('whole');
    expect(await text(await answer)).toBe('whole');
    expect((await answer).headers.connection).toBe('close');
    expect(await drained).toBe(0);
  });

  it('finishes a response whose headers are already sent', async () => {
    const { listener, nextRequest } = await startListener();
    const answer = get(listener, keepAlive());
    const response = await nextRequest();
    response.write('first ');
    const incoming = await answer;
    const drained = listener.drain(20_000);
    response.end('second');
    expect(await text(incoming)).toBe('first second');
    expect(await drained).toBe(0);
  });

  it('does not wait for connections without a request', async () => {
    const { listener, nextRequest } = await startListener();
    const agent = keepAlive();
    const answer = get(listener, agent);
    (await nextRequest()).end('done');
    await text(await answer);
    const silent = connect(listener.port, listener.host);
    await once(silent, 'connect');
    // Wait until the server has accepted the silent connection. Otherwise, the connection would be refused.
    const after = get(listener, keepAlive());
    (await nextRequest()).end();
    await after;
    const silentClosed = once(silent, 'close');
    silent.resume();
    expect(await listener.drain(20_000)).toBe(0);
    await silentClosed;
  });

  it('aborts and counts requests that exceed the timeout', async () => {
    const { listener, nextRequest } = await startListener();
    const answer = get(listener, keepAlive());
    const refused = expect(answer).rejects.toThrow('socket hang up');
    await nextRequest();
    expect(await listener.drain(20)).toBe(1);
    await refused;
  });
});

describe('the HTTP listener', () => {
  it.each([
    ['text that is not HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ['oversized headers', `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'BAD_REQUEST'],
  ])('responds to %s with a JSON error', async (_what, bytes, status, code) => {
    const { listener } = await startListener();
    const answer = await sendRaw(listener, bytes);
    expect(answer).toMatch(`HTTP/1.1 ${status} `);
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    expect(body).toMatchObject({ error: { code, requestId: null } });
    await listener.drain(20_000);
  });
});

it('listen rejects with EADDRINUSE if the port is in use', async () => {
  const { listener } = await startListener();
  const second = listen({ host: '127.0.0.1', port: listener.port, handle: () => undefined });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await listener.drain(20_000);
});
