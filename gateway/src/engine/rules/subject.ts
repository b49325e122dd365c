import type { Audience } from '../sdl/access-model.ts';

/** What is known of a caller to whom rules apply, from its credentials. Plain JSON. */
export interface Subject {
  readonly audience: Audience;
  /** How the caller's row in the `@user` model is found. Null if the caller is signed out. */
  readonly user: { readonly field: string; readonly value: string } | null;
  /** The mapped claims of the caller's token, by the names in the `@claims` type. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The address in the token, if its issuer verified it. */
  readonly verifiedEmail: string | null;
}
