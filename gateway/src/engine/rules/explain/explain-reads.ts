import { apiScalars } from '../../api/scalars.ts';
import type { ProjectApi } from '../../api/project-api.ts';
import { pgList, tableColumn, typedParam } from '../../queries/column.ts';
import { statementOf, type Statement, type Variables } from '../../queries/plan.ts';
import { createFilterContext } from '../../queries/selection.ts';
import { tableRows } from '../../queries/source.ts';
import type { AccessModel } from '../../sdl/access-model.ts';
import { columnOf } from '../../queries/column.ts';
import type { ModelType } from '../../sdl/model.ts';
import { commaList, sql } from '../../sql/sql.ts';
import { columnText, nullableText, type StatementRunner } from '../../sql/statement-runner.ts';
import { textOf } from '../../sql/sql.ts';
import type { RuleProfile } from '../profile.ts';
import { ruleScope } from '../visibility.ts';
import { countingSelect } from './count-rules.ts';
import { traceReads } from './trace-reads.ts';
import { triedRules, type Decision, type TriedRule } from './tried-rules.ts';

export interface ExplainedQuery {
  /** The API for callers without rules. */
  readonly api: ProjectApi;
  /** A valid query of this API. */
  readonly query: string;
  readonly operationName: string | null;
  /** The coerced variables, with the values of the caller. */
  readonly variables: Variables;
  readonly profile: RuleProfile;
}

/**
 * Explains which rules decide about the rows that a query reads.
 * @param runner null if rows are not counted
 * @throws OperationError for arguments that the API rejects, and the errors of the runner
 */
export async function explainReads(
  query: ExplainedQuery,
  runner: StatementRunner | null,
  schema: string,
): Promise<readonly Decision[]> {
  const { api, profile, variables } = query;
  const { access } = api.index.model;
  if (access === null) return [];
  const trace = traceReads(query);
  const run = async ({ template, parameters }: Statement) => {
    if (runner === null) return undefined;
    const values = parameters.map((parameter) => parameter(variables));
    const [row] = await runner.run({ text: textOf(template, schema), values, once: true });
    return row;
  };
  const { statement } = trace.plan;
  const answer = statement === null ? [] : ((await run(statement)) ?? []);
  const rows = trace.rowsIn(answer.map((_, column) => nullableText(answer, column)));
  const decisions: Decision[] = [];
  for (const [name, fields] of trace.met) {
    const rules = triedRules(access, profile, {
      type: name,
      operation: 'READ',
      fields: [...fields],
    });
    const keys = rows.get(name) ?? [];
    const isCounted = keys.length > 0 && rules.length > 0;
    const counts = isCounted
      ? await run(countRows(api, access, { profile, rules, type: api.index.type(name), keys }))
      : undefined;
    const isKnown = runner !== null && trace.selected.has(name);
    rules.forEach((rule, column) => {
      decisions.push({ ...rule, rows: isKnown ? Number(columnText(counts, column)) : null });
    });
  }
  return decisions;
}

interface CountedRows {
  readonly profile: RuleProfile;
  readonly rules: readonly TriedRule[];
  readonly type: ModelType;
  readonly keys: readonly (readonly unknown[])[];
}

/** `SELECT count(*) FILTER (WHERE …), … FROM "post" AS "t1" WHERE ("t1"."id") IN (SELECT * FROM unnest($1::uuid[]))` */
function countRows(
  { index }: ProjectApi,
  access: AccessModel,
  { profile, rules, type, keys }: CountedRows,
): Statement {
  const scope = ruleScope(createFilterContext(index), access, profile);
  const row = tableRows(scope.context, type);
  const columns = index.keyOf(type).map(tableColumn);
  const lists = columns.map((column, part) => {
    const given = keys.map((key) => valueOf(column.type, key[part]));
    const list = pgList(column.type, given, []);
    return typedParam({ type: column.type, list: true }, () => list);
  });
  const own = commaList(columns.map(({ name }) => columnOf(row.alias, name)));
  const from = sql`${row.from} WHERE (${own}) IN (SELECT * FROM unnest(${commaList(lists)}))`;
  return statementOf(countingSelect(scope, rules, row, from));
}

/** A value in a response as GraphQL coerces it when it is sent back. */
function valueOf(type: { readonly kind: string; readonly name: string }, value: unknown): unknown {
  const scalar = Object.entries(apiScalars).find(([name]) => name === type.name)?.[1];
  return type.kind === 'SCALAR' && scalar !== undefined ? scalar.parseValue(value) : value;
}
