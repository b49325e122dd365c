import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { clientAddress } from './client-address.ts';

function from(peer: string, forwardedFor?: string | string[]): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwardedFor !== undefined) {
    // Node joins several such headers to one; a proxy's library may not.
    Object.assign(request.headers, { 'x-forwarded-for': forwardedFor });
  }
  return request;
}

describe("a client's address", () => {
  it('is its connection’s when no proxy is trusted, whatever it claims', () => {
    expect(clientAddress(from('203.0.113.9', '198.51.100.1'), 0)).toBe('203.0.113.9');
  });

  it('is what the proxy saw, not what the client wrote before', () => {
    const request = from('10.0.0.2', '1.1.1.1, 198.51.100.7');
    expect(clientAddress(request, 1)).toBe('198.51.100.7');
  });

  it('is counted from the right through several proxies', () => {
    const request = from('10.0.0.2', '1.1.1.1, 198.51.100.7, 10.0.0.1');
    expect(clientAddress(request, 2)).toBe('198.51.100.7');
  });

  it('is the first that is there when fewer proxies were passed', () => {
    expect(clientAddress(from('10.0.0.2', '198.51.100.7'), 3)).toBe('198.51.100.7');
  });

  it.each([undefined, '', 'unknown', '1.1.1.1, _hidden', '<script>'])(
    "is the proxy's own when it says nothing usable: %s",
    (header) => {
      expect(clientAddress(from('10.0.0.2', header), 1)).toBe('10.0.0.2');
    },
  );

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('is written in one way: %s', (written, expected) => {
    expect(clientAddress(from('10.0.0.2', written), 1)).toBe(expected);
  });
});
