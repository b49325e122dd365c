/*
 * The signed-in user and the user's token. This file is the only one that knows where tokens come from: replace it by
 * the library of your identity provider.
 */

export interface Token {
  readonly text: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

const issuer = String(import.meta.env.VITE_ISSUER);
const stored = 'board.user';
/** A token is replaced when a third of its time is left, so that it never expires while it is used. */
const lastShare = 1 / 3;

let current: { readonly user: string; readonly renewAt: number; readonly token: Token } | null =
  null;

export const signedInUser = (): string | null => sessionStorage.getItem(stored);

/** @throws an Error if the issuer does not sign the user in */
export async function signIn(user: string): Promise<void> {
  await fetchToken(user);
  sessionStorage.setItem(stored, user);
}

export function signOut(): void {
  current = null;
  sessionStorage.removeItem(stored);
}

/** The token of the signed-in user. It is fetched again before it expires. */
export async function currentToken(): Promise<Token> {
  const user = signedInUser();
  if (user === null) throw new Error('No user is signed in.');
  if (current?.user === user && Date.now() < current.renewAt) return current.token;
  return fetchToken(user);
}

/** The number of milliseconds after which `currentToken` returns another token. */
export const untilRenewal = (): number => Math.max(0, (current?.renewAt ?? 0) - Date.now());

async function fetchToken(user: string): Promise<Token> {
  const response = await fetch(`${issuer}/token?user=${encodeURIComponent(user)}`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error('The issuer does not know this user.');
  const { token: text } = (await response.json()) as { token: string };
  const { exp } = JSON.parse(fromBase64Url(text.split('.')[1] ?? '')) as { exp: number };
  const token = { text, expiresAt: exp * 1_000 };
  const renewAt = token.expiresAt - (token.expiresAt - Date.now()) * lastShare;
  current = { user, renewAt, token };
  return token;
}

const fromBase64Url = (text: string): string =>
  atob(text.replaceAll('-', '+').replaceAll('_', '/'));
