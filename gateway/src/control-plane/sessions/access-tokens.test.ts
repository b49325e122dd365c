import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAccessTokens, looksLikeAccessToken } from './access-tokens.ts';

const key = new Uint8Array(32).fill(1);
const issuer = 'https://gateway.example';
const audience = 'tessera';
const start = new Date('2026-01-01T00:00:00.500Z');
const subject = { userId: 'user-1', sessionId: 'session-1' };

function setUp(changes: Partial<Parameters<typeof createAccessTokens>[0]> = {}) {
  const time = { now: start };
  const tokens = createAccessTokens({ key, issuer, audience, clock: () => time.now, ...changes });
  return { time, tokens };
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Signs arbitrary tokens, including those that the service would never issue. */
function forge(header: object, payload: object, signingKey = key, hash = 'sha256'): string {
  const content = `${encode(header)}.${encode(payload)}`;
  return `${content}.${createHmac(hash, signingKey).update(content).digest('base64url')}`;
}

const now = Math.floor(start.getTime() / 1_000);
const header = { alg: 'HS256', typ: 'at+jwt' };
const payload = {
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  sid: 'session-1',
  iat: now,
  exp: now + 600,
};

describe('an access token', () => {
  it('is recognized by its header', async () => {
    const { token } = await setUp().tokens.issue(subject);
    expect(looksLikeAccessToken(token)).toBe(true);
    expect(looksLikeAccessToken(forge({ alg: 'HS256', typ: 'JWT' }, payload))).toBe(false);
    expect(looksLikeAccessToken('tpk_1')).toBe(false);
  });

  it('has the documented header and claims, and is valid for ten minutes', async () => {
    const { tokens } = setUp();
    const { token, expiresAt } = await tokens.issue(subject);
    const [head, body] = token.split('.', 2).map((part) => decode(part));
    expect(head).toEqual(header);
    expect(body).toEqual(payload);
    expect(expiresAt).toEqual(new Date((now + 600) * 1_000));
    expect(await tokens.verify(token)).toEqual({ ...subject, expiresAt });
  });

  it('expires at the exact second, even if it was verified before', async () => {
    const { time, tokens } = setUp();
    const { token, expiresAt } = await tokens.issue(subject);
    time.now = new Date(expiresAt.getTime() - 1);
    expect(await tokens.verify(token)).not.toBeNull();
    time.now = expiresAt;
    expect(await tokens.verify(token)).toBeNull();
    expect(await setUp({ clock: () => expiresAt }).tokens.verify(token)).toBeNull();
  });

  it('is valid on another instance only if both have the same key', async () => {
    const { token } = await setUp().tokens.issue(subject);
    expect(await setUp().tokens.verify(token)).toMatchObject(subject);
    const elsewhere = setUp({ key: new Uint8Array(32).fill(2) });
    expect(await elsewhere.tokens.verify(token)).toBeNull();
  });

  it('is accepted if its header and payload are valid', async () => {
    expect(await setUp().tokens.verify(forge(header, payload))).toMatchObject(subject);
  });

  it.each([
    ['no algorithm', `${encode({ ...header, alg: 'none' })}.${encode(payload)}.`],
    ['no algorithm, signed', forge({ ...header, alg: 'none' }, payload)],
    ['HS512', forge({ ...header, alg: 'HS512' }, payload, key, 'sha512')],
    ['RS256', forge({ ...header, alg: 'RS256' }, payload)],
    ['another type', forge({ ...header, typ: 'JWT' }, payload)],
    ['no type', forge({ alg: 'HS256' }, payload)],
    ['an unknown critical header', forge({ ...header, crit: ['x'], x: 1 }, payload)],
    ['another issuer', forge(header, { ...payload, iss: 'https://evil.example' })],
    ['another audience', forge(header, { ...payload, aud: 'other' })],
    ['a past expiry', forge(header, { ...payload, exp: now })],
    ['a subject that is not a string', forge(header, { ...payload, sub: 7 })],
    ['a session that is not a string', forge(header, { ...payload, sid: ['session-1'] })],
    ['an empty session', forge(header, { ...payload, sid: '' })],
    ['another key', forge(header, payload, new Uint8Array(32).fill(9))],
    ['no signature', forge(header, payload).replace(/[^.]+$/, '')],
    ['text that is not a token', 'not a token'],
    ['an empty text', ''],
    ['an oversized text', 'a'.repeat(100_000)],
  ])('is rejected with %s', async (_what, token) => {
    expect(await setUp().tokens.verify(token)).toBeNull();
  });

  it.each(Object.keys(payload))('is rejected without %s', async (claim) => {
    const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== claim));
    expect(await setUp().tokens.verify(forge(header, rest))).toBeNull();
  });

  it('is rejected if the payload is changed', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.issue(subject);
    expect(await tokens.verify(token)).not.toBeNull();
    const [head, , signature] = token.split('.');
    const other = encode({ ...payload, sub: 'user-2' });
    expect(await tokens.verify(`${head ?? ''}.${other}.${signature ?? ''}`)).toBeNull();
  });

  it('requires a key of at least 32 bytes', () => {
    expect(() => setUp({ key: new Uint8Array(31) })).toThrow('at least 32 bytes');
  });
});

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
