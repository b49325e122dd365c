import { describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';

const app = useApp();
const password = 'a good long password';
const cookieName = 'tessera_refresh';
let accounts = 0;

interface AuthSession {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string | null;
  readonly user: {
    readonly email: string;
    readonly createdAt: string | null;
    readonly sessions: { readonly nodes: readonly { id: string; current: boolean }[] };
  };
}

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly result: {
    readonly __typename: string;
    readonly code?: string;
    readonly session?: AuthSession;
  } | null;
  readonly errorCodes: readonly unknown[];
}

const session = `session {
  accessToken accessTokenExpiresAt refreshToken
  user { email createdAt sessions { nodes { id current } } }
}`;
const register = `mutation ($input: RegisterInput!) { result: register(input: $input) {
  __typename ... on RegisterSuccess { ${session} } ... on Error { code } } }`;
const login = `mutation ($input: LoginInput!) { result: login(input: $input) {
  __typename ... on LoginSuccess { ${session} } ... on Error { code } } }`;
const refresh = `mutation ($input: RefreshSessionInput!) { result: refreshSession(input: $input) {
  __typename ... on RefreshSessionSuccess { ${session} } ... on Error { code } } }`;
const logout = `mutation { result: logout {
  __typename ... on LogoutSuccess { ok } ... on Error { code } } }`;
const viewer = '{ result: viewer { __typename email emailVerifiedAt createdAt } }';

/** Uses fetch directly, because the tests need access to the cookies. */
async function send(
  query: string,
  input: object | null = null,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
    signal: AbortSignal.timeout(20_000),
  });
  // The fields that the documents above select.
  const body = (await response.json()) as {
    data?: { result: Answer['result'] } | null;
    errors?: { extensions?: { code?: unknown } }[];
  };
  return {
    status: response.status,
    cookies: response.headers.getSetCookie(),
    result: body.data?.result ?? null,
    errorCodes: (body.errors ?? []).map((error) => error.extensions?.code),
  };
}

const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });
const nextAccount = () => ({ name: 'Ada', email: `ada-${(accounts += 1)}@example.org`, password });

function sessionOf({ result }: Answer): AuthSession {
  if (result?.session === undefined) throw new Error(`No session: ${JSON.stringify(result)}`);
  return result.session;
}

/** The cookie header of the next request, as a browser would send it. */
function sentBack({ cookies }: Answer): { cookie: string } {
  const [cookie, ...more] = cookies;
  if (cookie === undefined || more.length > 0) throw new Error(`Cookies: ${cookies.join()}`);
  return { cookie: cookie.slice(0, cookie.indexOf(';')) };
}

const isCleared = ({ cookies }: Answer): boolean =>
  cookies.some((cookie) => cookie.startsWith(`${cookieName}=;`) && /max-age=0/i.test(cookie));

describe('signing in from a browser', () => {
  it('returns the refresh token in a cookie that scripts and other sites cannot use', async () => {
    const answer = await send(register, nextAccount());

    expect(sessionOf(answer).refreshToken).toBeNull();
    expect(answer.cookies).toHaveLength(1);
    const [pair, ...attributes] = (answer.cookies[0] ?? '').split('; ');
    expect(pair).toMatch(new RegExp(`^${cookieName}=[\\w-]{43}$`));
    const lower = attributes.map((attribute) => attribute.toLowerCase());
    expect(lower).toEqual(expect.arrayContaining(['httponly', 'samesite=strict', 'path=/']));
    const maxAge = Number(/max-age=(\d+)/.exec(lower.join())?.[1]);
    expect(maxAge).toBeGreaterThan(29 * 86_400);
    expect(maxAge).toBeLessThanOrEqual(30 * 86_400);
  });

  it('refreshes the session with only the cookie, and rotates the cookie', async () => {
    const registered = await send(register, nextAccount());
    const refreshed = await send(refresh, {}, sentBack(registered));

    expect(sessionOf(refreshed).refreshToken).toBeNull();
    expect(sentBack(refreshed)).not.toEqual(sentBack(registered));
    const { accessToken } = sessionOf(refreshed);
    expect((await send(viewer, null, bearer(accessToken))).result).toMatchObject({
      __typename: 'User',
    });
  });

  it("does not return the cookie's token in the response body", async () => {
    const registered = await send(register, nextAccount());
    const answer = await send(refresh, { tokenDelivery: 'BODY' }, sentBack(registered));
    expect(answer.result).toMatchObject({ __typename: 'ValidationError' });
    expect((await send(refresh, {}, sentBack(registered))).result).toMatchObject({
      __typename: 'RefreshSessionSuccess',
    });
  });

  it('signs out with only the cookie, and clears the cookie', async () => {
    const registered = await send(register, nextAccount());
    const answer = await send(logout, null, sentBack(registered));
    expect(answer.result).toEqual({ __typename: 'LogoutSuccess', ok: true });
    expect(isCleared(answer)).toBe(true);

    const after = await send(refresh, {}, sentBack(registered));
    expect(after.result).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(isCleared(after)).toBe(true);
    const { accessToken } = sessionOf(registered);
    expect((await send(viewer, null, bearer(accessToken))).status).toBe(401);
  });
});

describe('signing in from another client', () => {
  it('returns the refresh token in the body, without a cookie', async () => {
    const account = nextAccount();
    await send(register, account);
    const { email } = account;
    const answer = await send(login, { email, password, tokenDelivery: 'BODY' });

    expect(answer.cookies).toEqual([]);
    const { refreshToken } = sessionOf(answer);
    expect(refreshToken).toMatch(/^[\w-]{43}$/);
    const next = await send(refresh, { refreshToken, tokenDelivery: 'BODY' });
    expect(next.cookies).toEqual([]);
    expect(sessionOf(next).refreshToken).toMatch(/^[\w-]{43}$/);
  });
});

describe('the API', () => {
  it("returns the user's own account from register, login and refreshSession", async () => {
    const account = nextAccount();
    const { email } = account;
    const registered = await send(register, account);
    const answers = [
      registered,
      await send(login, { email, password }),
      await send(refresh, {}, sentBack(registered)),
    ];
    for (const [index, answer] of answers.entries()) {
      expect(answer.errorCodes).toEqual([]);
      const { user, accessTokenExpiresAt } = sessionOf(answer);
      expect(user.email).toBe(email);
      expect(user.createdAt).not.toBeNull();
      expect(user.sessions.nodes).toHaveLength(index === 0 ? 1 : 2);
      expect(user.sessions.nodes.filter(({ current }) => current)).toHaveLength(1);
      expect(Date.parse(accessTokenExpiresAt)).toBeGreaterThan(Date.now() + 590_000);
    }
  });

  it('returns a null viewer without a credential, and 401 for an invalid token', async () => {
    expect(await send(viewer)).toMatchObject({ status: 200, result: null, errorCodes: [] });
    const answer = await send(viewer, null, bearer('a.b.c'));
    expect(answer).toMatchObject({ status: 401, errorCodes: ['UNAUTHENTICATED'] });
  });

  it('returns an expected error for a refresh without a token', async () => {
    expect((await send(refresh, {})).result).toMatchObject({
      __typename: 'InvalidTokenError',
      code: 'INVALID_TOKEN',
    });
  });

  it('returns UNAUTHENTICATED for a mutation that requires a signed-in user', async () => {
    for (const mutation of ['revokeOtherSessions', 'resendEmailVerification']) {
      const answer = await send(`mutation { result: ${mutation} { __typename } }`);
      expect(answer).toMatchObject({ result: null, errorCodes: ['UNAUTHENTICATED'] });
    }
  });

  it('applies a sign-in and a sign-out to the later mutations of the same document', async () => {
    const { email } = nextAccount();
    const answer = await app.graphql(
      `mutation ($email: String!) {
        wrong: login(input: { email: $email, password: "not the password" }) { __typename }
        register(input: { name: "Ada", email: $email, password: "${password}", tokenDelivery: BODY }) {
          ... on RegisterSuccess { session { user { email } } }
        }
        revokeOtherSessions { __typename }
        changePassword(input: { currentPassword: "wrong", newPassword: "another long password" }) {
          __typename ... on Error { message }
        }
        logout { __typename }
      }`,
      { email },
    );
    expect(answer.body).toEqual({
      data: {
        wrong: { __typename: 'InvalidCredentialsError' },
        register: { session: { user: { email } } },
        revokeOtherSessions: { __typename: 'RevokeOtherSessionsSuccess' },
        changePassword: {
          __typename: 'InvalidCredentialsError',
          message: 'The current password is wrong.',
        },
        logout: { __typename: 'LogoutSuccess' },
      },
    });
  });
});
