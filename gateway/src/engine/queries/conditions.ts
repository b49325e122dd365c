import { join, sql, type Sql } from '../sql/sql.ts';

/** Each stands alone beside AND: what has an OR within stands in parentheses. */
export type Conditions = readonly Sql[];

/** `a AND b`; TRUE for none. */
export function allOf(conditions: Conditions): Sql {
  return conditions.length === 0 ? sql`TRUE` : join(conditions, sql` AND `);
}

/** `(a AND b) OR c` in parentheses; FALSE for none. */
export function anyOf(alternatives: readonly Conditions[]): Sql {
  const [only] = alternatives;
  if (only === undefined) return sql`FALSE`;
  if (alternatives.length === 1) return grouped(only);
  return sql`(${join(alternatives.map(grouped), sql` OR `)})`;
}

/** ` WHERE a AND b`; nothing for none. */
export function whereClause(conditions: Conditions): Sql {
  return conditions.length === 0 ? sql`` : sql` WHERE ${allOf(conditions)}`;
}

/** One condition: in parentheses where it is made of several. */
function grouped(conditions: Conditions): Sql {
  const all = allOf(conditions);
  return conditions.length > 1 ? sql`(${all})` : all;
}
