import { describe, expect, it } from 'vitest';

import { maxTrustedIssuers } from '../../data-plane/callers/access-settings.ts';
import { controlPlaneLimits } from '../limits.ts';
import { issuersSchema, settingsSchema } from './settings-input.ts';

const { maxAllowedOrigins, maxMappedClaims } = controlPlaneLimits;

const origins = (allowedOrigins: readonly string[]) => settingsSchema.safeParse({ allowedOrigins });

describe('allowed origins', () => {
  it.each([
    ['https://app.example', 'https://app.example'],
    ['https://app.example/', 'https://app.example'],
    ['HTTPS://App.Example:443', 'https://app.example'],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://[::1]:80', 'http://[::1]'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('are stored as browsers send them: %s', (given, stored) => {
    expect(origins([given]).data).toEqual({ allowedOrigins: [stored] });
  });

  it.each([
    '',
    '*',
    'null',
    'app.example',
    '//app.example',
    'https://',
    'https://*.example',
    'https://app.example/path',
    'https://app.example?a',
    'https://app.example/#a',
    'https://user@app.example',
    'capacitor://localhost',
    'file:///',
    'https://app.exa\0mple',
    `https://${'a.'.repeat(130)}example`,
  ])('must be origins: %j is rejected with its place', (text) => {
    const { error } = origins(['https://app.example', text]);
    expect(error?.issues.map(({ path }) => path)).toEqual([['allowedOrigins', 1]]);
    expect(error?.issues[0]?.message).toMatch(/ is not an origin\. Write the scheme/);
  });

  it('are stored once', () => {
    expect(origins(['https://a.example', 'https://a.example:443']).data).toEqual({
      allowedOrigins: ['https://a.example'],
    });
  });

  it('are limited in number', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `https://a${index}.example`);
    expect(origins(many(maxAllowedOrigins)).success).toBe(true);
    expect(origins(many(maxAllowedOrigins + 1)).error?.issues).toMatchObject([
      { path: ['allowedOrigins'], message: 'A project can have at most 50 allowed origins.' },
    ]);
  });
});

const valid = {
  issuer: 'https://login.example/',
  audience: 'my-app',
  jwksUrl: 'https://login.example/keys?v=1',
  algorithms: ['RS256'],
  userClaim: 'sub',
  userField: 'authId',
  claims: [{ name: 'role', path: 'app_metadata.role' }],
};
const second = { ...valid, issuer: 'https://other.example', userField: 'otherId' };

const issuers = (given: readonly unknown[], allowsHttp = false) =>
  issuersSchema(allowsHttp).safeParse({ issuers: given });
const issuesOf = (given: readonly unknown[], allowsHttp = false) =>
  issuers(given, allowsHttp).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('trusted issuers', () => {
  it('keep what is given, and get defaults for the rest', () => {
    const { issuer, audience, userClaim, userField } = second;
    const shortest = { issuer, audience, userClaim, userField };
    expect(issuers([valid, shortest]).data?.issuers).toEqual([
      valid,
      { ...shortest, jwksUrl: null, algorithms: ['RS256', 'ES256', 'EdDSA'], claims: [] },
    ]);
    const nulls = { ...second, jwksUrl: null, algorithms: null, claims: null };
    expect(issuers([nulls]).data?.issuers).toEqual([
      { ...shortest, jwksUrl: null, algorithms: ['RS256', 'ES256', 'EdDSA'], claims: [] },
    ]);
  });

  it.each([
    [{ issuer: 'login.example' }, 'issuer'],
    [{ issuer: '' }, 'issuer'],
    [{ issuer: 'http://login.example' }, 'issuer'],
    [{ issuer: 'ftp://login.example' }, 'issuer'],
    [{ issuer: 'https://user:pass@login.example' }, 'issuer'],
    [{ issuer: 'https://login.example?a=b' }, 'issuer'],
    [{ issuer: 'https://login.example#a' }, 'issuer'],
    [{ issuer: `https://login.example/${'a'.repeat(250)}` }, 'issuer'],
    [{ audience: '' }, 'audience'],
    [{ audience: 'a\0b' }, 'audience'],
    [{ jwksUrl: 'http://login.example/keys' }, 'jwksUrl'],
    [{ jwksUrl: 'https://user@login.example/keys' }, 'jwksUrl'],
    [{ jwksUrl: '/keys' }, 'jwksUrl'],
    [{ algorithms: [] }, 'algorithms'],
    [{ algorithms: ['HS256'] }, 'algorithms.0'],
    [{ algorithms: ['none'] }, 'algorithms.0'],
    [{ userClaim: '' }, 'userClaim'],
    [{ userClaim: 'a..b' }, 'userClaim'],
    [{ claims: [{ name: 'role', path: '' }] }, 'claims.0.path'],
    [{ claims: [{ name: 'role', path: '.role' }] }, 'claims.0.path'],
    [{ claims: [{ name: 'role', path: 'role\ud800' }] }, 'claims.0.path'],
    [{ claims: [...valid.claims, { name: 'role', path: 'roles' }] }, 'claims.1.name'],
  ])('reject %j with its place', (part, place) => {
    expect(issuesOf([second, { ...valid, ...part }])).toEqual([`issuers.1.${place}`]);
  });

  it('can use http if the gateway can reach private addresses', () => {
    const local = { ...valid, issuer: 'http://localhost:9000', jwksUrl: 'http://localhost:9000/k' };
    expect(issuesOf([local], true)).toEqual([]);
    expect(issuesOf([local], false)).toEqual(['issuers.0.issuer', 'issuers.0.jwksUrl']);
    expect(issuesOf([{ ...local, issuer: 'ftp://localhost' }], true)).toEqual(['issuers.0.issuer']);
  });

  it('have different URLs and different user fields', () => {
    expect(issuesOf([valid, second])).toEqual([]);
    expect(issuesOf([valid, { ...second, issuer: valid.issuer }])).toEqual(['issuers.1.issuer']);
    expect(issuesOf([valid, { ...second, userField: 'authId' }])).toEqual(['issuers.1.userField']);
    // Only the exact text counts, because that is how tokens are compared.
    expect(issuesOf([valid, { ...second, issuer: 'https://login.example' }])).toEqual([]);
  });

  it('are limited in number, and so are their claims', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...valid,
        issuer: `https://${index}.example`,
        userField: `field${index}`,
      }));
    expect(issuesOf(many(maxTrustedIssuers))).toEqual([]);
    expect(issuesOf(many(maxTrustedIssuers + 1))).toEqual(['issuers']);
    const claims = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, path: 'a' }));
    expect(issuesOf([{ ...valid, claims: claims(maxMappedClaims) }])).toEqual([]);
    expect(issuesOf([{ ...valid, claims: claims(maxMappedClaims + 1) }])).toEqual([
      'issuers.0.claims',
    ]);
  });
});
