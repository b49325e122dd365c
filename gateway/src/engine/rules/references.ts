import { assertNever } from '../../platform/assert-never.ts';
import { columnOf, tableColumn, typedParam, type ParameterType } from '../queries/column.ts';
import type { ModelColumn } from '../api/model-index.ts';
import type { FilterContext } from '../queries/selection.ts';
import { allOf, tableRows } from '../queries/source.ts';
import type { AliasedRow, Conditions } from '../queries/visibility.ts';
import type { AccessModel, Reference } from '../sdl/access-model.ts';
import type { ModelType } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { unchecked } from './filter-literals.ts';
import type { RuleProfile } from './profile.ts';
import { claimParameter, emailParameter, userParameter } from './subject.ts';

/** What the compilation of rules needs. */
export interface RuleScope {
  /** The rules of a schema see all rows and values, and do not count as input of a client. */
  readonly context: FilterContext;
  readonly access: AccessModel;
  readonly profile: RuleProfile;
  /**
   * Whether the rules are about rows of tables. The alternative is a row that is about to be written, whose foreign keys
   * PostgreSQL has not checked.
   */
  readonly rowsAreStored: boolean;
}

/**
 * A reference in SQL. It is null in SQL if the reference is missing.
 *
 * @param row the row that the rule is about
 */
export function referenceSql(
  rules: RuleScope,
  reference: Exclude<Reference, { readonly of: 'NOW' }>,
  row: AliasedRow,
): Sql {
  switch (reference.of) {
    case 'USER':
      return userColumn(rules, reference.field);
    case 'CLAIM': {
      const claim = rules.access.claims.find(({ name }) => name === reference.name);
      if (claim === undefined) throw unchecked();
      return typedParam(claim, claimParameter(claim));
    }
    case 'ROW': {
      const column = rules.context.index.column(row.type, reference.field);
      if (column === null) throw unchecked();
      return columnOf(row.alias, column.column);
    }
    default:
      return assertNever(reference);
  }
}

/** `$now` as an operand of this type. */
export function nowAs({ type, list }: ParameterType): Sql {
  if (!list && type.name === 'DateTime') return sql`now()`;
  if (!list && type.name === 'Date') return sql`(now() AT TIME ZONE 'UTC')::date`;
  throw unchecked();
}

/** `(SELECT "t1"."team_id" FROM "user" AS "t1" WHERE "t1"."id" = $1)`. PostgreSQL runs it once in a statement. */
export function userColumn(rules: RuleScope, field: string): Sql {
  const user = userRow(rules);
  const column = rules.context.index.column(user.type, field);
  if (column === null) throw unchecked();
  const verified = field === emailField ? [isVerified(rules, user)] : [];
  return sql`(SELECT ${columnOf(user.alias, column.column)} FROM ${user.from} WHERE ${allOf([...user.is, ...verified])})`;
}

interface UserRow extends AliasedRow {
  readonly from: Sql;
  /** The conditions that select the row. */
  readonly is: Conditions;
}

/** The caller's row in the `@user` model. */
export function userRow({ context, access, profile }: RuleScope): UserRow {
  if (access.userType === null) throw unchecked();
  const { type, alias, from } = tableRows(context, context.index.type(access.userType));
  return { type, alias, from, is: [isCaller(context, profile, { type, alias })] };
}

/** Whether a row of the `@user` model is the caller's own. */
export function isCaller(
  { index }: Pick<FilterContext, 'index'>,
  { userField }: RuleProfile,
  { type, alias }: AliasedRow,
): Sql {
  const column = userField === null ? null : index.column(type, userField);
  return column === null
    ? sql`FALSE`
    : sql`${columnOf(alias, column.column)} = ${callerKey(column)}`;
}

/** The value that identifies the caller's row. The row does not have to exist. */
function callerKey(column: ModelColumn): Sql {
  return typedParam(tableColumn(column), userParameter);
}

/**
 * `$1`, if `$user.id` identifies the caller, and if a value of the column can only be equal to it if the caller's row
 * exists: the column is a foreign key to the `@user` model, or the column of that model itself. Otherwise null.
 *
 * @param type the type of a stored row that has the column
 */
export function callerKeyOf(
  { context: { index }, access, profile }: RuleScope,
  { field }: Extract<Reference, { readonly of: 'USER' }>,
  type: ModelType,
  column: ModelColumn,
): Sql | null {
  // The email counts only if it is verified.
  if (access.userType === null || field !== profile.userField || field === emailField) return null;
  const key = index.column(index.type(access.userType), field);
  if (key === null || key.list) return null;
  const isOwn = type.name === access.userType && column.column === key.column;
  return isOwn || refersTo(column, access.userType, key) ? callerKey(key) : null;
}

/** Whether a column alone is a foreign key to a column of a type. */
function refersTo({ field, column }: ModelColumn, target: string, key: ModelColumn): boolean {
  if (field.kind !== 'TO_ONE' || field.target !== target) return false;
  const [only, ...more] = field.key;
  return more.length === 0 && only.column === column && only.references === key.column;
}

/** The field of the `@user` model whose value counts only if the caller proved to own the address. */
export const emailField = 'email';

/** Whether the address in the caller's row is the one that was verified. A field of another type is no address. */
export function isVerified({ context }: RuleScope, { type, alias }: AliasedRow): Sql {
  const column = context.index.column(type, emailField);
  if (column === null) throw unchecked();
  if (column.list || column.type.name !== 'String') return sql`FALSE`;
  return sql`${columnOf(alias, column.column)} = ${typedParam(tableColumn(column), emailParameter)}`;
}
