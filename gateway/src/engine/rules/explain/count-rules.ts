import { allOf } from '../../queries/source.ts';
import type { AliasedRow } from '../../queries/visibility.ts';
import { commaList, sql, type Sql } from '../../sql/sql.ts';
import type { RuleScope } from '../references.ts';
import { conditionsOf } from '../visibility.ts';
import type { TriedRule } from './tried-rules.ts';

/**
 * A SELECT that counts the rows that each rule lets through, in the order of the rules.
 *
 * @param row the alias of the rows in `from`
 * @param from what follows FROM
 */
export function countingSelect(
  scope: RuleScope,
  rules: readonly TriedRule[],
  row: AliasedRow,
  from: Sql,
): Sql {
  const counts = rules.map(({ held, rule }) =>
    held ? sql`count(*) FILTER (WHERE ${allOf(conditionsOf(scope, rule, row))})` : sql`0`,
  );
  return sql`SELECT ${commaList(counts)} FROM ${from}`;
}
