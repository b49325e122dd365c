import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';
import type { UserSchema } from './user-schema.ts';

/** What a trusted issuer in the settings of the project refers to in the schema. */
export interface IssuerReferences {
  readonly issuer: string;
  /** The field of the `@user` model by which it finds users. */
  readonly userField: string;
  /** The fields of the `@claims` type that it maps. */
  readonly claims: readonly { readonly name: string }[];
}

/**
 * Returns the diagnostics for the trusted issuers that could not find users anymore.
 *
 * @param text valid SDL
 * @param users of the same SDL
 */
export function explainLostUserFields(
  text: string,
  users: UserSchema,
  issuers: readonly IssuerReferences[],
): readonly Diagnostic[] {
  const lost = issuers.filter(({ userField }) => !users.uniqueFields.includes(userField));
  if (lost.length === 0) return [];
  const bag = createDiagnosticBag();
  const place = users.type === null ? undefined : directivePlaces(text, 'user').get(users.type);
  for (const { issuer, userField } of lost) {
    bag.report(place ?? { line: 1, column: 1 }, 'USER_FIELD_IN_USE', issuer, userField, users.type);
  }
  return bag.all();
}
