import { apiScalars } from '../api/scalars.ts';
import type { ModelIndex } from '../api/model-index.ts';
import { operationErrors } from '../errors.ts';
import type { Variables } from '../queries/plan.ts';
import type { RuleProfile } from '../rules/profile.ts';
import { emailField } from '../rules/references.ts';
import { emailParameter, userParameter } from '../rules/subject.ts';
import type { ModelType } from '../sdl/model.ts';

/**
 * The values in the caller's row that its token proves: the field that identifies the caller, and the address if it is
 * verified.
 * @param type the `@user` model
 * @throws OperationError `FORBIDDEN` if the token lacks a value that the row needs
 */
export function provedValues(
  index: ModelIndex,
  type: ModelType,
  { userField }: RuleProfile,
  variables: Variables,
): Readonly<Record<string, unknown>> {
  const column = userField === null ? null : index.column(type, userField);
  const text = userParameter(variables);
  if (column === null || typeof text !== 'string') throw operationErrors.noIdentity(type.name);
  const identity = { [column.name]: coercedKey(column.type.name, text) };
  const email = index.field(type, emailField);
  if (column.name === emailField || email?.kind !== 'VALUE') return identity;
  const address = emailParameter(variables);
  if (address !== null) return { ...identity, [emailField]: address };
  if (email.required) throw operationErrors.noVerifiedEmail(type.name);
  return identity;
}

/** The value of a key as GraphQL coerces it. */
function coercedKey(type: string, text: string): unknown {
  const scalar = Object.entries(apiScalars).find(([name]) => name === type)?.[1];
  // Other types are enums.
  if (scalar === undefined) return text;
  return scalar.parseValue(type === 'Int' || type === 'Float' ? Number(text) : text);
}
