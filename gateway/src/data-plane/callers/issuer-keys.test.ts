import { beforeEach, describe, expect, it } from 'vitest';

import { newIssuerKey, useLocalIssuer } from '../../../test/local-issuer.ts';
import { ada, startTokens, type TokenKit } from '../../../test/token-kit.ts';

let time = Date.parse('2026-01-01T00:00:00Z');
const seconds = () => time / 1_000;
const clock = () => new Date(time);
const issuer = useLocalIssuer(clock);
const other = useLocalIssuer(clock);

beforeEach(async () => {
  for (const each of [issuer, other]) {
    each.keys = [await newIssuerKey()];
    each.requests.length = 0;
    each.respond = null;
  }
});

const start = (allowPrivate = true): TokenKit =>
  startTokens({ clock, trusted: [issuer.trusted()], allowPrivate });

describe('the keys of an issuer', () => {
  it('are fetched once for requests that arrive together, and then cached', async () => {
    const { verify } = start();
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => verify(await issuer.token({ claims: { n } }))),
    );
    expect(all).toEqual(all.map(() => ada));
    expect(issuer.requests).toEqual(['/keys']);
  });

  it('are found by OpenID Connect discovery', async () => {
    const { trust, verify } = start();
    trust(issuer.trusted({ jwksUrl: null }));
    expect(await verify(await issuer.token())).toEqual(ada);
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it.each([
    ['another issuer', () => ({ issuer: other.issuer, jwks_uri: issuer.jwksUrl })],
    ['no issuer', () => ({ jwks_uri: issuer.jwksUrl })],
    ['no address of keys', () => ({ issuer: issuer.issuer })],
  ])('are not used if discovery returns %s', async (_what, document) => {
    const { trust, verify } = start();
    trust(issuer.trusted({ jwksUrl: null }));
    issuer.respond = (response) => response.end(JSON.stringify(document()));
    expect(await verify(await issuer.token())).toBe('OVERLOADED');
    expect(issuer.requests).toHaveLength(1);
  });

  it('are fetched again for an unknown key id, at most every 30 seconds', async () => {
    const { verify } = start();
    const [old] = issuer.keys;
    expect(await verify(await issuer.token())).toEqual(ada);
    const next = await newIssuerKey();
    issuer.keys = [next, ...issuer.keys];
    time += 29_999;
    expect(await verify(await issuer.token())).toBe('key');
    expect(issuer.requests).toHaveLength(1);
    time += 1;
    expect(await verify(await issuer.token())).toEqual(ada);
    expect(issuer.requests).toHaveLength(2);
    expect(await verify(await issuer.token({ key: old ?? next }))).toEqual(ada);
    for (let n = 0; n < 20; n += 1) {
      expect(await verify(await issuer.token({ header: { kid: `unknown-${n}` } }))).toBe('key');
    }
    expect(issuer.requests).toHaveLength(2);
  });

  it('are used during an outage, however long it takes', async () => {
    const { verify, fetches, lines } = start();
    const token = await issuer.token({ exp: seconds() + 1e6 });
    expect(await verify(token)).toEqual(ada);
    issuer.respond = (response) => response.writeHead(503).end();
    for (let minute = 0; minute < 100; minute += 5) {
      time += 5 * 60_000;
      expect(await verify(token)).toEqual(ada);
      expect(await verify(await issuer.token({ claims: { minute } }))).toEqual(ada);
    }
    expect(fetches.slice(0, 3)).toEqual(['ok', 'failed', 'failed']);
    expect(await verify(await issuer.token({ header: { kid: 'new' } }))).toBe('OVERLOADED');
    expect(lines.join('')).toContain('The server responded with 503.');
    expect(lines.join('')).not.toContain('eyJ');
    issuer.respond = null;
    time += 30_000;
    expect(await verify(token)).toEqual(ada);
    await expect.poll(() => fetches.at(-1)).toBe('ok');
  });

  it('that cannot be fetched at all are tried again after 30 seconds', async () => {
    const { verify, checks } = start();
    issuer.respond = (response) => response.destroy();
    const token = await issuer.token();
    expect(await verify(token)).toBe('OVERLOADED');
    expect(await verify(token)).toBe('OVERLOADED');
    expect(issuer.requests).toHaveLength(1);
    issuer.respond = null;
    time += 30_000;
    expect(await verify(token)).toEqual(ada);
    expect(checks).toEqual(['unavailable', 'unavailable', 'verified']);
  });

  it('that the issuer has removed are accepted for at most ten minutes, also for cached tokens', async () => {
    const { verify, isCached } = start();
    const [old] = issuer.keys;
    if (old === undefined) throw new Error('The issuer has a key.');
    const token = await issuer.token({ exp: seconds() + 7_200 });
    expect(await verify(token)).toEqual(ada);
    issuer.keys = [await newIssuerKey()];
    time += 5 * 60_000 - 1;
    expect(isCached(token)).toBe(true);
    time += 5 * 60_000;
    expect(await verify(token)).toEqual(ada);
    time += 1;
    expect(await verify(token)).toBe('key');
    expect(await verify(await issuer.token({ key: old }))).toBe('key');
  });

  it('are fetched in the background after five minutes, without a delay for requests', async () => {
    const { verify, isCached } = start();
    const token = await issuer.token({ exp: seconds() + 7_200 });
    expect(await verify(token)).toEqual(ada);
    time += 5 * 60_000;
    expect(await verify(token)).toEqual(ada);
    await expect.poll(() => isCached(token)).toBe(true);
    expect(issuer.requests).toHaveLength(2);
  });

  it.each([
    ['not JSON', '<html>'],
    ['not an object', '[]'],
    ['null', 'null'],
    ['without keys', '{}'],
    ['with keys that are not a list', '{"keys":{}}'],
    ['too large', `{"keys":[],"x":"${'x'.repeat(65_536)}"}`],
    ['with too many keys', JSON.stringify({ keys: Array.from({ length: 51 }, () => ({})) })],
  ])('are not accepted from a document that is %s', async (_what, body) => {
    const { verify } = start();
    issuer.respond = (response) => response.end(body);
    expect(await verify(await issuer.token())).toBe('OVERLOADED');
  });

  it('are not accepted from a document with unusable entries, but the others are', async () => {
    const { verify } = start();
    const entries = [null, 1, 'x', [], {}, { kid: 1 }, { kid: 'x' }];
    issuer.respond = (response) =>
      response.end(JSON.stringify({ keys: [...entries, ...issuer.keys.map(({ jwk }) => jwk)] }));
    expect(await verify(await issuer.token())).toEqual(ada);
    expect(await verify(await issuer.token({ header: { kid: 'x' } }))).toBe('key');
  });

  it('are not fetched from a private address', async () => {
    const { verify } = start(false);
    expect(await verify(await issuer.token())).toBe('OVERLOADED');
    expect(issuer.requests).toEqual([]);
  });

  it('are not fetched by a redirect to a private address', async () => {
    const { verify } = start();
    issuer.respond = (response) => response.writeHead(302, { location: other.jwksUrl }).end();
    expect(await verify(await issuer.token())).toBe('OVERLOADED');
    expect(other.requests).toEqual([]);
  });

  it('are fetched for each project, so that no project can use up the attempts of another', async () => {
    const { verify } = start();
    const token = await issuer.token();
    expect(await verify(token)).toEqual(ada);
    expect(await verify(token, 'b'.repeat(16))).toEqual(ada);
    expect(issuer.requests).toHaveLength(2);
  });
});
