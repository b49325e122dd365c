import { expect, it } from 'vitest';

import { issuerAlgorithms as gatewayAlgorithms } from '../../../../../gateway/src/data-plane/callers/access-settings.ts';
import {
  issuerAlgorithms,
  issuerInput,
  issuerSchema,
  issuerValues,
  type TrustedIssuer,
} from './issuer-values.ts';

const issuer: TrustedIssuer = {
  issuer: 'https://login.example/',
  audience: 'my-app',
  jwksUrl: 'https://login.example/keys',
  algorithms: ['RS256'],
  userClaim: 'sub',
  userField: 'authId',
  claims: [{ name: 'role', path: 'app_metadata.role' }],
};

const messagesOf = (values: object, others: readonly TrustedIssuer[] = []) =>
  issuerSchema(others)
    .safeParse(values)
    .error?.issues.map(({ path, message }) => [path.join('.'), message]);

it('the form offers the algorithms of the gateway', () => {
  expect(issuerAlgorithms).toEqual(gatewayAlgorithms);
});

it('an issuer that is not edited is sent as it is stored', () => {
  expect(issuerInput(issuerValues(issuer))).toEqual(issuer);
});

it('no algorithm means all of them, and an empty URL means discovery', () => {
  const stored: TrustedIssuer = { ...issuer, jwksUrl: null, algorithms: [...issuerAlgorithms] };
  const values = issuerValues(stored);
  expect(values).toMatchObject({ jwksUrl: '', algorithms: [] });
  expect(issuerInput(values)).toEqual({ ...stored, algorithms: null });
});

it('a new issuer identifies users by the claim sub', () => {
  expect(issuerValues(null)).toMatchObject({ userClaim: 'sub', claims: [] });
  expect(messagesOf(issuerValues(null))).toEqual([
    ['issuer', 'Enter the issuer.'],
    ['audience', 'Enter the audience.'],
    ['userField', 'Choose the field that contains the value of the user claim.'],
  ]);
});

it('spaces around texts are removed, and empty claims are rejected at their fields', () => {
  const values = { ...issuerValues(issuer), issuer: ' https://login.example/ ' };
  expect(issuerSchema([]).parse(values).issuer).toBe('https://login.example/');
  const claims = [
    { name: 'role', path: 'role' },
    { name: '', path: ' ' },
  ];
  expect(messagesOf({ ...values, claims })).toEqual([
    ['claims.1.name', 'Choose the claim.'],
    ['claims.1.path', 'Enter the path.'],
  ]);
});

it('two issuers have different URLs and different user fields', () => {
  const other = { ...issuer, issuer: 'https://other.example', userField: 'otherId' };
  expect(messagesOf(issuerValues(issuer), [other])).toBeUndefined();
  expect(messagesOf(issuerValues(issuer), [issuer])).toEqual([
    ['issuer', 'The project already trusts this issuer.'],
    [
      'userField',
      'Another issuer already finds users by this field. Each issuer needs its own field.',
    ],
  ]);
});
