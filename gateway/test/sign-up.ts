/** Credentials with which a new user signs up and signs in over HTTP. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const newcomer: Credentials = {
  email: 'newcomer@example.org',
  password: 'a long enough password',
};

/**
 * Registers over the management API.
 * @param origin the gateway's origin, such as `http://127.0.0.1:4000`
 * @returns an access token
 * @throws Error if the gateway rejects the registration
 */
export const signUp = (origin: string, { email, password } = newcomer): Promise<string> =>
  askForToken(
    origin,
    `mutation ($email: String!, $password: String!) {
      session: register(input: { name: "Newcomer", email: $email, password: $password, tokenDelivery: BODY }) {
        ... on RegisterSuccess { session { accessToken } }
        ... on Error { code }
      }
    }`,
    { email, password },
  );

/** Signs in over the management API. @returns an access token */
export const signIn = (origin: string, { email, password } = newcomer): Promise<string> =>
  askForToken(
    origin,
    `mutation ($email: String!, $password: String!) {
      session: login(input: { email: $email, password: $password, tokenDelivery: BODY }) {
        ... on LoginSuccess { session { accessToken } }
        ... on Error { code }
      }
    }`,
    { email, password },
  );

interface TokenAnswer {
  readonly data?: {
    readonly session?: { readonly session?: { readonly accessToken?: string } };
  } | null;
}

async function askForToken(origin: string, query: string, variables: Credentials): Promise<string> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  // The documents above select these fields. Any other response has no token.
  const token = (JSON.parse(text) as TokenAnswer).data?.session?.session?.accessToken;
  if (token === undefined) throw new Error(`No access token: ${response.status} ${text}`);
  return token;
}
