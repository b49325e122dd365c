import type { Audience } from '../../sdl/access-model.ts';
import type { Subject } from '../subject.ts';

/** A caller to whom rules apply, as somebody describes it who wants to know what it can do. */
export interface ExplainedCaller {
  readonly audience: Audience;
  /** The key of a row of the `@user` model. Null if the caller has none. */
  readonly userId: string | null;
  /** By the names in the `@claims` type. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The address in a token is not known, so it counts as not verified. */
export function subjectOfUser({ audience, userId, claims }: ExplainedCaller): Subject {
  const user = userId === null ? null : { field: null, value: userId };
  return { audience, user, claims, verifiedEmail: null };
}
