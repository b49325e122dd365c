import bcrypt from 'bcrypt';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { rateLimits } from '../rate-limits.ts';

const app = useApp({ env: { SIGN_IN_LIMIT_PER_MINUTE: '10', REGISTER_LIMIT_PER_MINUTE: '5' } });

afterEach(() => {
  vi.restoreAllMocks();
});

const aliases = (count: number, field: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field(index)} { __typename }`).join(
    ' ',
  );

/** Runs a document and returns how often each outcome occurred: a result's type or an error code. */
async function outcomes(
  document: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, number>>> {
  const { body } = await app.graphql(document, variables);
  const results = Object.values(body.data ?? {}).filter((result) => result !== null);
  const names = [
    // Every field in these documents selects `__typename`.
    ...results.map((result) => (result as { __typename: string }).__typename),
    ...(body.errors ?? []).map(({ extensions }) => String(extensions?.['code'])),
  ];
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('a document with many aliases of one field', () => {
  it('makes as many sign-in attempts as it has aliases, and no hash is computed for refused ones', async () => {
    const compare = vi.spyOn(bcrypt, 'compare');
    const input = { email: 'nobody@example.org', password: 'wrong', tokenDelivery: 'BODY' };
    const logins = aliases(100, () => 'login(input: $input)');
    const counts = await outcomes(`mutation ($input: LoginInput!) { ${logins} }`, { input });
    expect(counts).toEqual({ InvalidCredentialsError: 10, RATE_LIMITED: 90 });
    expect(compare).toHaveBeenCalledTimes(10);
  });

  it('makes as many registrations as it has aliases', async () => {
    const hash = vi.spyOn(bcrypt, 'hash');
    const register = (index: number) =>
      `register(input: { name: "A", email: "new-${index}@example.org", password: "a long enough one ${index}", tokenDelivery: BODY })`;
    expect(await outcomes(`mutation { ${aliases(50, register)} }`)).toEqual({
      RegisterSuccess: 5,
      RATE_LIMITED: 45,
    });
    expect(hash).toHaveBeenCalledTimes(5);
  });

  it.each([
    ['requestPasswordReset', 'email: "nobody@example.org"', rateLimits.requestResetPerAccount.max],
    [
      'resetPassword',
      'token: "t", newPassword: "a long enough password"',
      rateLimits.resetPassword.max,
    ],
    ['verifyEmail', 'token: "t"', rateLimits.verifyEmail.max],
  ])('makes as many calls of %s as it has aliases', async (field, input, max) => {
    const counts = await outcomes(
      `mutation { ${aliases(max + 20, () => `${field}(input: { ${input} })`)} }`,
    );
    const { RATE_LIMITED: refused, ...others } = counts;
    expect(refused).toBe(20);
    expect(Object.values(others)).toEqual([max]);
  });

  it('looks up as many invitations as the limit allows', async () => {
    const { max } = rateLimits.previewInvitation;
    const document = `{ ${aliases(60, (index) => `invitation(token: "t${index}")`)} }`;
    for (let round = 0; round < max / 60; round += 1) expect(await outcomes(document)).toEqual({});
    expect(await outcomes(document)).toEqual({ RATE_LIMITED: 60 });
  });
});
