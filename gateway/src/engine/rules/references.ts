import { assertNever } from '../../platform/assert-never.ts';
import { columnOf, tableColumn, typedParam, type ParameterType } from '../queries/column.ts';
import type { FilterContext } from '../queries/selection.ts';
import { allOf, tableRows } from '../queries/source.ts';
import type { AliasedRow, Conditions } from '../queries/visibility.ts';
import type { AccessModel, Reference } from '../sdl/access-model.ts';
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
    : sql`${columnOf(alias, column.column)} = ${typedParam(tableColumn(column), userParameter)}`;
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
