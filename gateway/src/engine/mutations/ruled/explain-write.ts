import { createFilterContext } from '../../queries/selection.ts';
import { countingSelect } from '../../rules/explain/count-rules.ts';
import { maxTriedRows, triedRules } from '../../rules/explain/tried-rules.ts';
import { ruleScope } from '../../rules/visibility.ts';
import type { AccessOperation } from '../../sdl/access-model.ts';
import { literal, param, sql, type Sql } from '../../sql/sql.ts';
import { columnText, type PgValue } from '../../sql/statement-runner.ts';
import type { NewRow } from '../row-ref.ts';
import type { RowFilter } from '../statements/change.ts';
import { columnLists, isAnyOf, type KeyColumns } from '../statements/rows.ts';
import type { WritableTable } from '../writable-table.ts';
import type { WriteSession } from '../write-session.ts';
import { jsonOfRows, rowsOfJson } from './statements.ts';

// If a mutation is explained, these functions find out which rules decide about rows before the rules are applied.

export function explainNewRows(
  session: WriteSession,
  table: WritableTable,
  rows: readonly NewRow[],
): Promise<void> {
  const given = { table, creatableFields: [] };
  const fields = [...new Set(rows.flatMap((row) => row.given))];
  const json = () => param(jsonOfRows(given, rows));
  return explain(session, 'CREATE', { table, fields, select: () => rowsOfJson(given, json()) });
}

/** @param fields the fields that an update assigns */
export function explainRows(
  session: WriteSession,
  operation: AccessOperation,
  table: WritableTable,
  { filter, fields = [] }: { readonly filter: RowFilter; readonly fields?: readonly string[] },
): Promise<void> {
  const where = () =>
    filter.kind === 'CONDITION' ? filter.condition : isOneOf(table.key, filter.keys);
  const select = () => sql`SELECT t.* FROM ${table.sqlName} AS t WHERE ${where()}`;
  return explain(session, operation, { table, fields, select });
}

export function explainLinks(
  session: WriteSession,
  table: WritableTable,
  columns: KeyColumns,
  values: readonly (readonly PgValue[])[],
): Promise<void> {
  const select = () => sql`SELECT t.* FROM ${table.sqlName} AS t WHERE ${isOneOf(columns, values)}`;
  return explain(session, 'LINK', { table, fields: [], select });
}

function isOneOf(columns: KeyColumns, values: readonly (readonly PgValue[])[]): Sql {
  const lists = columnLists(values, columns.length).values();
  return isAnyOf(columns, () => param(lists.next().value ?? []));
}

interface ExplainedRows {
  readonly table: WritableTable;
  readonly fields: readonly string[];
  /** Selects the rows with all columns. Only called if the mutation is explained. */
  readonly select: () => Sql;
}

async function explain(
  session: WriteSession,
  operation: AccessOperation,
  { table: { type }, fields, select }: ExplainedRows,
): Promise<void> {
  const { api, decisions } = session;
  const { access } = api.index.model;
  const { rules: profile } = api.access;
  if (decisions === null || access === null || profile === null) return;
  const rules = triedRules(access, profile, { type: type.name, operation, fields });
  if (rules.length === 0) return;
  const scope = ruleScope(createFilterContext(api.index), access, profile);
  const rows = sql`(${select()} LIMIT ${literal(maxTriedRows)}) AS t`;
  const [counts] = await session.runOnce(
    countingSelect(scope, rules, { type, alias: sql`t` }, rows),
  );
  rules.forEach((rule, column) => {
    decisions.push({ ...rule, rows: Number(columnText(counts, column)) });
  });
}
