import { describe, expect, it } from 'vitest';

import { subjectOf } from './token-claims.ts';
import type { TrustedIssuer } from './access-settings.ts';
import { UserTokenError } from './token-problem.ts';

const issuer: TrustedIssuer = {
  issuer: 'https://issuer.example',
  audience: 'https://api.example',
  jwksUrl: null,
  algorithms: ['ES256'],
  userClaim: 'sub',
  userField: 'id',
  claims: [],
};

/** Returns the caller, or the reason why the token is not accepted. */
function read(payload: Record<string, unknown>, settings: Partial<TrustedIssuer> = {}) {
  try {
    return subjectOf({ sub: 'ada', ...payload }, { ...issuer, ...settings });
  } catch (error) {
    if (error instanceof UserTokenError) return { problem: error.problem };
    throw error;
  }
}

describe('the claims of a token', () => {
  const claims = [
    { name: 'role', path: 'app_metadata.role' },
    { name: 'orgs', path: 'orgs' },
    { name: 'tier', path: 'https://app.example/tier' },
    { name: 'inherited', path: 'constructor.name' },
    { name: 'item', path: 'orgs.0' },
    { name: 'length', path: 'orgs.length' },
    { name: 'missing', path: 'a.b.c' },
    { name: 'nothing', path: 'nothing' },
    { name: 'broken', path: 'broken' },
  ];

  it('are taken by their paths, and others are left out', () => {
    const payload = {
      app_metadata: { role: 'admin', secret: 1 },
      user_metadata: { role: 'owner' },
      role: 'root',
      orgs: ['a', 'b'],
      'https://app.example/tier': 3,
      nothing: null,
      broken: ['a\0'],
    };
    expect(read(payload, { claims })).toEqual({
      audience: 'USER',
      user: { field: 'id', value: 'ada' },
      claims: { role: 'admin', orgs: ['a', 'b'], tier: 3 },
      verifiedEmail: null,
    });
  });

  it.each([1, true, { a: 1 }, ['admin']])('are passed on with their type: %j', (role) => {
    const settings = { claims: [{ name: 'role', path: 'role' }] };
    expect(read({ role }, settings)).toMatchObject({ claims: { role } });
  });
});

describe('the verified address', () => {
  const email = 'ada@example.com';

  it('is the one that the issuer has verified', () => {
    expect(read({ email, email_verified: true })).toMatchObject({ verifiedEmail: email });
  });

  it.each([false, 'true', 1, null, undefined, {}])(
    'is missing if `email_verified` is not true: %j',
    (verified) => {
      expect(read({ email, email_verified: verified })).toMatchObject({ verifiedEmail: null });
    },
  );

  it('is missing if it is not a text', () => {
    expect(read({ email: ['a'], email_verified: true })).toMatchObject({ verifiedEmail: null });
    expect(read({ email: 'a\0', email_verified: true })).toMatchObject({ verifiedEmail: null });
  });

  it('is required where the address identifies the user', () => {
    const settings = { userClaim: 'email', userField: 'email' };
    expect(read({ email }, settings)).toEqual({ problem: 'email' });
    expect(read({ email, email_verified: 'true' }, settings)).toEqual({ problem: 'email' });
    expect(read({ email, email_verified: true }, settings)).toMatchObject({
      user: { field: 'email', value: email },
    });
  });
});

describe('the user', () => {
  it('can be a number, or be found by a path', () => {
    const settings = { userClaim: 'user.id' };
    expect(read({ user: { id: 42 } }, settings)).toMatchObject({ user: { value: '42' } });
    expect(read({ user: { id: 'x' } }, settings)).toMatchObject({ user: { value: 'x' } });
  });

  it.each([undefined, null, '', {}, [], true, 1.5, 1e300, 'a\0', 'a\ud800', 'x'.repeat(1_001)])(
    'must be a text or a whole number',
    (sub) => {
      expect(read({ sub })).toEqual({ problem: 'user' });
    },
  );
});
