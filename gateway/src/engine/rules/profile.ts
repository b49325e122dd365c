import type { Audience } from '../sdl/access-model.ts';

/**
 * What decides which rules apply to a caller, before any SQL runs. Callers with the same profile share an API and its
 * query plans. Values of single callers are not a part of it.
 */
export interface RuleProfile {
  /** `ANY` describes what callers of all audiences together can do: see `anyProfile`. */
  readonly audience: Audience | 'ANY';
  /** Whether each of `AccessModel.claimConditions` holds. */
  readonly claims: readonly boolean[] | 'ANY';
  /** The unique field of the `@user` model that identifies the caller. Null if the caller is signed out. */
  readonly userField: string | null;
}

/** The API for this profile contains everything that some caller with rules can use. Only its SDL is used. */
export const anyProfile: RuleProfile = { audience: 'ANY', claims: 'ANY', userField: null };

/** A key that is equal for equal profiles. */
export function profileKey({ audience, claims, userField }: RuleProfile): string {
  const held = claims === 'ANY' ? 'ANY' : claims.map((holds) => (holds ? '1' : '0')).join('');
  return `${audience}:${held}:${userField ?? ''}`;
}
