import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { listen } from './http-listener.ts';
import { cutOffSlowReaders, SlowReaderError } from './slow-readers.ts';

describe('a connection with bytes that wait for the client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const open = () => {
    const socket = { writableLength: 0, bytesWritten: 0, destroy: vi.fn() };
    const stop = cutOffSlowReaders(() => [socket], 10_000);
    const write = (bytes: number) => {
      socket.bytesWritten += bytes;
      socket.writableLength += bytes;
    };
    const take = (bytes: number) => void (socket.writableLength -= bytes);
    return { socket, write, take, stop };
  };

  it('is closed if the client takes nothing for ten seconds', () => {
    const { socket, write, stop } = open();
    vi.advanceTimersByTime(60_000);
    write(1_000);
    vi.advanceTimersByTime(10_000);
    expect(socket.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(socket.destroy).toHaveBeenCalledWith(expect.any(SlowReaderError));
    stop();
  });

  it('stays open as long as the client takes something', () => {
    const { socket, write, take, stop } = open();
    write(100);
    for (let round = 0; round < 50; round += 1) {
      vi.advanceTimersByTime(9_000);
      take(1);
    }
    expect(socket.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(12_000);
    expect(socket.destroy).toHaveBeenCalled();
    stop();
  });

  it('is not closed because more bytes are written', () => {
    const { socket, write, take, stop } = open();
    for (let round = 0; round < 50; round += 1) {
      write(10);
      vi.advanceTimersByTime(9_000);
      take(10);
      vi.advanceTimersByTime(9_000);
    }
    expect(socket.destroy).not.toHaveBeenCalled();
    stop();
  });
});

describe('a client of the listener that does not read', () => {
  it('is disconnected, with the reason', async () => {
    let answered: ServerResponse | null = null;
    const listener = await listen({
      host: '127.0.0.1',
      port: 0,
      readTimeoutMs: 100,
      handle: (_request, response) => {
        answered = response;
        response.end(Buffer.alloc(64 * 1_048_576));
      },
    });
    const client = connect(listener.port, listener.host);
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(answered).not.toBeNull());
    // The handler set it, which the compiler does not see.
    const response = answered as unknown as ServerResponse;
    if (!response.closed) await once(response, 'close');
    expect(response.req.socket.errored).toBeInstanceOf(SlowReaderError);
    client.destroy();
    await listener.drain(1_000);
  });
});
