import { columnsOfType, type ModelColumn } from '../api/model-index.ts';
import { pgList, pgScalar } from '../queries/column.ts';
import type { Parameter, Variables } from '../queries/plan.ts';
import type { Audience, Claim } from '../sdl/access-model.ts';
import type { Model, ValueType } from '../sdl/model.ts';
import { numberText } from '../sdl/scalar-values.ts';
import type { PgValue } from '../sql/statement-runner.ts';
import { claimTests, coerced, type ClaimValues } from './claim-conditions.ts';
import type { RuleProfile } from './profile.ts';

/** What is known of a caller to whom rules apply, from its credentials. Plain JSON. */
export interface Subject {
  readonly audience: Audience;
  /**
   * How the caller's row in the `@user` model is found: by a unique field, or by its primary key if the field is null.
   * Null if the caller is signed out.
   */
  readonly user: { readonly field: string | null; readonly value: string } | null;
  /** The mapped claims of the caller's token, by the names in the `@claims` type. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The address in the token, if its issuer verified it. */
  readonly verifiedEmail: string | null;
}

/** What decides which rules apply to a caller. */
export function profileOf(model: Model, subject: Subject): RuleProfile {
  const { access } = model;
  const values = claimsOf(model, subject);
  return {
    audience: subject.audience,
    claims: access === null ? [] : claimTests(access).map((holds) => holds(values)),
    userField: userColumnOf(model, subject)?.name ?? null,
  };
}

// The values of a caller are sent with the variables of a request. GraphQL's names of variables cannot contain `$`.
const userName = '$user';
const emailName = '$email';
const claimName = ({ name }: Pick<Claim, 'name'>): string => `$claims.${name}`;

/**
 * The caller's values for the parameters of rules, as PostgreSQL reads them. A value that is missing or not of the
 * expected type is null.
 */
export function subjectVariables(model: Model, subject: Subject): Variables {
  const { access } = model;
  if (access === null) return {};
  const values = claimsOf(model, subject);
  const user = userColumnOf(model, subject);
  return {
    [userName]: user === null ? null : keyText(model, user, subject.user?.value),
    [emailName]: pgValue(textType, subject.verifiedEmail),
    ...Object.fromEntries(
      access.claims.map((claim) => [claimName(claim), pgValue(claim, values.get(claim.name))]),
    ),
  };
}

const textType = { type: { kind: 'SCALAR', name: 'String' }, list: false } as const;

/** The value that identifies the caller's row. */
export const userParameter: Parameter = (variables) => sent(variables, userName);

/** The verified address of the caller. */
export const emailParameter: Parameter = (variables) => sent(variables, emailName);

const claimParameters = new WeakMap<Claim, Parameter>();

/** A statement sends the same parameter only once. */
export function claimParameter(claim: Claim): Parameter {
  const known = claimParameters.get(claim);
  if (known !== undefined) return known;
  const name = claimName(claim);
  const parameter: Parameter = (variables) => sent(variables, name);
  claimParameters.set(claim, parameter);
  return parameter;
}

function sent(variables: Variables, name: string): PgValue {
  // `subjectVariables` makes these values.
  return (variables[name] ?? null) as PgValue;
}

/** The column that identifies the caller. Null if it is not a unique column of the `@user` model. */
function userColumnOf({ access, types }: Model, { user }: Subject): ModelColumn | null {
  const type = types.find(({ name }) => name === access?.userType);
  if (user === null || type === undefined) return null;
  const column = columnsOfType(type).find((known) =>
    user.field === null ? known.column === type.key.columns[0] : known.name === user.field,
  );
  const isUnique = [type.key, ...(user.field === null ? [] : type.uniques)].some(
    ({ columns: [first, ...more] }) => first === column?.column && more.length === 0,
  );
  return isUnique ? (column ?? null) : null;
}

/** Different values identify different rows, so a number is only accepted in its canonical form. */
function keyText(model: Model, { type }: ModelColumn, value: unknown): PgValue {
  if (type.kind === 'SCALAR' && isNumeric(type.name)) {
    return typeof value === 'string' && numberText(type.name, value) === value ? value : null;
  }
  return pgValue({ type, list: false }, coerced(model, { type, list: false }, value));
}

function isNumeric(name: string): name is 'Int' | 'Float' | 'BigInt' | 'Decimal' {
  return name === 'Int' || name === 'Float' || name === 'BigInt' || name === 'Decimal';
}

function claimsOf(model: Model, { claims }: Subject): ClaimValues {
  const values = new Map<string, unknown>();
  for (const claim of model.access?.claims ?? []) {
    const json = Object.hasOwn(claims, claim.name) ? claims[claim.name] : null;
    const value = coerced(model, claim, json);
    if (pgValue(claim, value) !== null) values.set(claim.name, value);
  }
  return values;
}

/** Null also for values that PostgreSQL cannot store, and for lists that are too long. */
function pgValue(
  { type, list }: { readonly type: ValueType; readonly list: boolean },
  value: unknown,
): PgValue {
  if (value === null || value === undefined) return null;
  try {
    return list ? pgList(type, value, []) : pgScalar(type, value, []);
  } catch {
    return null;
  }
}
