import { createHmac } from 'node:crypto';

import { exportSPKI, importJWK, UnsecuredJWT, type CryptoKey } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';

import {
  audience,
  newIssuerKey,
  useLocalIssuer,
  type TokenOptions,
} from '../../../test/local-issuer.ts';
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

describe('a token of a trusted issuer', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('is accepted: %s', async (alg) => {
    issuer.keys = [await newIssuerKey(alg)];
    const { verify, checks } = start();
    expect(await verify(await issuer.token())).toEqual(ada);
    expect(checks).toEqual(['verified']);
  });

  it('can have several audiences', async () => {
    const aud = ['https://other.example', audience];
    expect(await start().verify(await issuer.token({ claims: { aud } }))).toEqual(ada);
  });

  it('of one of several issuers identifies the user by the field of that issuer', async () => {
    const { trust, verify } = start();
    trust(issuer.trusted(), other.trusted({ userField: 'externalId' }));
    expect(await verify(await issuer.token())).toEqual(ada);
    expect(await verify(await other.token())).toMatchObject({
      user: { field: 'externalId', value: 'ada' },
    });
  });

  it('is accepted for 30 seconds after its expiry and before its start', async () => {
    const { verify } = start();
    expect(await verify(await issuer.token({ exp: seconds() - 29 }))).toEqual(ada);
    const nbf = seconds() + 30;
    expect(await verify(await issuer.token({ claims: { nbf } }))).toEqual(ada);
  });
});

describe('a token is rejected', () => {
  const now = Math.floor(time / 1_000);
  const withClaims = (claims: TokenOptions['claims']): TokenOptions => ({ claims: claims ?? {} });

  it.each<[string, TokenOptions, string]>([
    ['of an unknown issuer', withClaims({ iss: 'https://issuer.example' }), 'issuer'],
    ['without an issuer', withClaims({ iss: undefined }), 'issuer'],
    ['for another audience', withClaims({ aud: 'https://other.example' }), 'audience'],
    ['without an audience', withClaims({ aud: undefined }), 'audience'],
    ['that has expired', { exp: now - 31 }, 'expired'],
    ['without an expiry', { exp: undefined }, 'expired'],
    ['that is not valid yet', withClaims({ nbf: now + 31 }), 'not_yet_valid'],
    ['without a key id', { header: { kid: undefined } }, 'key'],
    ['with an unknown key id', { header: { kid: 'unknown' } }, 'key'],
    ['without a user', withClaims({ sub: undefined }), 'user'],
    ['that is too long', withClaims({ x: 'x'.repeat(8_192) }), 'malformed'],
  ])('%s', async (_what, options, problem) => {
    const { verify } = start();
    expect(await verify(await issuer.token(options))).toBe(problem);
  });

  it('whose issuer differs in a slash', async () => {
    const iss = `${issuer.issuer}/`;
    expect(await start().verify(await issuer.token({ claims: { iss } }))).toBe('issuer');
  });

  it('that is signed with the key of another trusted issuer', async () => {
    const { trust, verify } = start();
    trust(issuer.trusted(), other.trusted({ userField: 'externalId' }));
    const claims = { iss: issuer.issuer };
    expect(await verify(await other.token({ claims }))).toBe('key');
    const [mine] = issuer.keys;
    const header = { kid: mine?.jwk.kid ?? '' };
    expect(await verify(await other.token({ claims, header }))).toBe('signature');
  });

  it('whose payload was changed', async () => {
    const [header = '', , signature = ''] = (await issuer.token()).split('.');
    const payload = (await issuer.token({ claims: { sub: 'root' } })).split('.')[1] ?? '';
    expect(await start().verify([header, payload, signature].join('.'))).toBe('signature');
  });

  it('without a signature', async () => {
    const { verify } = start();
    const claims = { iss: issuer.issuer, aud: audience, sub: 'ada', exp: seconds() + 60 };
    const unsecured = new UnsecuredJWT(claims).encode();
    expect(await verify(unsecured)).toBe('algorithm');
    const [, payload = ''] = (await issuer.token()).split('.');
    const [mine] = issuer.keys;
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = base64({ alg, kid: mine?.jwk.kid });
      expect(await verify(`${header}.${payload}.`), alg).toBe('algorithm');
    }
    const [header = ''] = (await issuer.token()).split('.');
    expect(await verify(`${header}.${payload}.`)).toBe('signature');
  });

  it('that is signed with the public key as a secret', async () => {
    issuer.keys = [await newIssuerKey('RS256')];
    const [key] = issuer.keys;
    if (key === undefined) throw new Error('The issuer has a key.');
    // An RSA key is imported as a CryptoKey.
    const spki = await exportSPKI((await importJWK(key.jwk, 'RS256')) as CryptoKey);
    const payload = (await issuer.token()).split('.')[1] ?? '';
    const { verify } = start();
    for (const secret of [spki, JSON.stringify(key.jwk), String(key.jwk.n)]) {
      const input = `${base64({ alg: 'HS256', kid: key.jwk.kid })}.${payload}`;
      const mac = createHmac('sha256', secret).update(input).digest('base64url');
      expect(await verify(`${input}.${mac}`)).toBe('algorithm');
    }
  });

  it('whose algorithm the settings do not allow', async () => {
    const { trust, verify } = start();
    trust(issuer.trusted({ algorithms: ['RS256'] }));
    expect(await verify(await issuer.token())).toBe('algorithm');
  });

  it('whose algorithm is not the one of its key', async () => {
    const rsa = await newIssuerKey('RS256');
    const token = await issuer.token({ key: rsa });
    const [mine] = issuer.keys;
    issuer.keys = [{ ...rsa, jwk: { ...rsa.jwk, alg: 'ES256' } }];
    expect(await start().verify(token)).toBe('key');
    issuer.keys = [{ ...rsa, jwk: { ...rsa.jwk, use: 'enc' } }];
    expect(await start().verify(token)).toBe('key');
    issuer.keys = [{ ...rsa, jwk: { ...(mine?.jwk ?? rsa.jwk), kid: rsa.jwk.kid } }];
    expect(await start().verify(token)).toBe('key');
    issuer.keys = [{ ...rsa, jwk: { ...rsa.jwk, n: '!' } }];
    expect(await start().verify(token)).toBe('key');
    const oct = { kty: 'oct', k: 'c2VjcmV0', kid: rsa.jwk.kid };
    issuer.keys = [{ ...rsa, jwk: oct }];
    expect(await start().verify(token)).toBe('key');
  });

  it('if its key id belongs to two keys', async () => {
    const token = await issuer.token();
    const twin = await newIssuerKey();
    const [mine] = issuer.keys;
    issuer.keys = [...issuer.keys, { ...twin, jwk: { ...twin.jwk, kid: mine?.jwk.kid ?? '' } }];
    expect(await start().verify(token)).toBe('key');
  });

  it.each(['', 'a', 'a.b', 'a.b.c', '..', 'eyJhbGciOiJFUzI1NiJ9..', 'e30.e30.e30', 'a.b.c.d.e'])(
    'that is not a token: %j',
    async (text) => {
      expect(await start().verify(text)).toMatch(/malformed|issuer/);
    },
  );

  it('by a project that does not trust its issuer', async () => {
    const { trust, verify } = start();
    const token = await issuer.token();
    expect(await verify(token)).toEqual(ada);
    trust(other.trusted());
    expect(await verify(token)).toBe('issuer');
    trust();
    expect(await verify(token)).toBe('issuer');
  });
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a verified token', () => {
  it('is cached until it expires', async () => {
    const { verify, isCached, checks } = start();
    const token = await issuer.token({ exp: seconds() + 60 });
    expect(await verify(token)).toEqual(ada);
    expect(isCached(token)).toBe(true);
    time += 60_000;
    expect(isCached(token)).toBe(false);
    // The skew applies to tokens that are verified again.
    expect(await verify(token)).toEqual(ada);
    time += 30_000;
    expect(await verify(token)).toBe('expired');
    expect(checks.slice(0, 2)).toEqual(['verified', 'cached']);
  });

  it('is verified again when the settings of the project change', async () => {
    const { trust, verify, isCached } = start();
    const token = await issuer.token();
    await verify(token);
    trust(issuer.trusted({ userField: 'externalId' }));
    expect(isCached(token)).toBe(false);
    expect(await verify(token)).toMatchObject({ user: { field: 'externalId' } });
  });

  it('of another project is not taken from the cache', async () => {
    const { verify, isCached } = start();
    const token = await issuer.token();
    await verify(token);
    expect(isCached(token, 'b'.repeat(16))).toBe(false);
  });
});
