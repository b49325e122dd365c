import { expect, it } from 'vitest';

import type { TrustedIssuerInput } from '#console/gql/graphql.ts';

import { issuesOfForm } from './issuer-issues.ts';

const issuers: readonly TrustedIssuerInput[] = [
  { issuer: 'https://a.example', audience: 'a', userClaim: 'sub', userField: 'aId' },
  { issuer: 'https://b.example', audience: 'b', userClaim: 'sub', userField: 'bId' },
  { issuer: 'https://a.example', audience: 'c', userClaim: 'sub', userField: 'aId' },
];

const placed = (path: readonly string[], edited: number | null) => {
  const [issue] = issuesOfForm([{ path, message: 'Wrong.' }], issuers, edited);
  return [issue?.path.join('.'), issue?.message];
};

it('an issue of the issuer in the form belongs to its field', () => {
  expect(placed(['issuers', '1', 'audience'], 1)).toEqual(['audience', 'Wrong.']);
  expect(placed(['issuers', '1', 'claims', '2', 'path'], 1)).toEqual(['claims.2.path', 'Wrong.']);
});

it('an issue of another issuer names it', () => {
  const expected = ['', 'https://b.example: Wrong.'];
  expect(placed(['issuers', '1', 'claims', '0', 'name'], 0)).toEqual(expected);
  expect(placed(['issuers', '1', 'userField'], 0)).toEqual(expected);
  expect(placed(['issuers', '1', 'userField'], null)).toEqual(expected);
});

it('a value that two issuers share is an issue of the one in the form', () => {
  expect(placed(['issuers', '2', 'issuer'], 0)).toEqual(['issuer', 'Wrong.']);
  expect(placed(['issuers', '2', 'userField'], 0)).toEqual(['userField', 'Wrong.']);
  expect(placed(['issuers', '2', 'audience'], 0)).toEqual(['', 'https://a.example: Wrong.']);
});

it('an issue of the whole list has no place in the form', () => {
  expect(placed(['issuers'], 0)).toEqual(['', 'Wrong.']);
});
