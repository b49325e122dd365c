import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { clientAddress } from './client-address.ts';

function from(peer: string, forwardedFor?: string | string[]): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwardedFor !== undefined) {
    // Node joins repeated headers into one string, but a proxy library might pass an array.
    Object.assign(request.headers, { 'x-forwarded-for': forwardedFor });
  }
  return request;
}

describe('clientAddress', () => {
  it('ignores X-Forwarded-For when no proxy is trusted', () => {
    expect(clientAddress(from('203.0.113.9', '198.51.100.1'), 0)).toBe('203.0.113.9');
  });

  it('uses the address that the proxy saw and ignores earlier entries', () => {
    const request = from('10.0.0.2', '1.1.1.1, 198.51.100.7');
    expect(clientAddress(request, 1)).toBe('198.51.100.7');
  });

  it('counts trusted proxies from the right', () => {
    const request = from('10.0.0.2', '1.1.1.1, 198.51.100.7, 10.0.0.1');
    expect(clientAddress(request, 2)).toBe('198.51.100.7');
  });

  it('uses the first entry if there are fewer entries than trusted proxies', () => {
    expect(clientAddress(from('10.0.0.2', '198.51.100.7'), 3)).toBe('198.51.100.7');
  });

  it.each([undefined, '', 'unknown', '1.1.1.1, _hidden', '<script>'])(
    "falls back to the proxy's address for an unusable header: %s",
    (header) => {
      expect(clientAddress(from('10.0.0.2', header), 1)).toBe('10.0.0.2');
    },
  );

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('normalizes %s', (written, expected) => {
    expect(clientAddress(from('10.0.0.2', written), 1)).toBe(expected);
  });
});
