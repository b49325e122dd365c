import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';
import type { UserSchema } from './user-schema.ts';

/** A trusted issuer in the settings of the project, and the field by which it finds users. */
export interface IssuerField {
  readonly issuer: string;
  readonly userField: string;
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
  issuers: readonly IssuerField[],
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
