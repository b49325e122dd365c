import type { ApiAccess } from '../api/access.ts';
import { operationErrors } from '../errors.ts';
import { argumentReader } from '../queries/argument-reader.ts';
import { answerOf, columnOf, equal, tableColumn } from '../queries/column.ts';
import { argumentTree, createInputBudget } from '../queries/input.ts';
import { jsonFields, jsonObject } from '../queries/json.ts';
import type { Parameter } from '../queries/plan.ts';
import { compileRow } from '../queries/row.ts';
import { selectFields, type BoundField, type CompileContext } from '../queries/selection.ts';
import {
  guardOf,
  imageRecord,
  imageRow,
  rowsWhere,
  tableRows,
  visibleValue,
  type RowSource,
} from '../queries/source.ts';
import { everythingVisible, type AliasedRow, type Conditions } from '../queries/visibility.ts';
import { compileWhere } from '../queries/where.ts';
import type { ModelType } from '../sdl/model.ts';
import { columnsOfType } from '../api/model-index.ts';
import { commaList, ident, literal, render, renderTemplate, sql, type Sql } from '../sql/sql.ts';
import { eventWriter } from './change-event.ts';
import { forSubscribers, listParameter, maxCohortParameters, subscriber } from './cohort.ts';
import type { ChangeOperation, ChangesPlan } from './plan.ts';
import { readEqualities } from './table-reads.ts';

export type ChangesField = Extract<BoundField<'SUBSCRIPTION'>, { kind: 'CHANGES' }>;

// Names that no alias of a row has.
const change = ident('$c');
const logged = ident('$l');
const pair = ident('$x');
const pairs = ident('x');
const found = ident('$r');
const key = ident('$key');
const old = ident('$old');
const before = ident('$before');
const after = ident('$after');

/**
 * Compiles a subscription to the changes of a model. Its conditions, the filter and the rules, are compiled twice: for
 * the row before the change, which is in the log, and for the row that has its key now. Other rows are read as they are
 * now.
 *
 * @throws OperationError if an argument is invalid
 */
export function compileChanges(
  context: CompileContext,
  field: ChangesField,
  access: Pick<ApiAccess, 'rules'>,
): ChangesPlan {
  const { type, responseKey, definition, nodes } = field;
  const now = tableRows(context, type);
  const past = imageRow(context, { type, alias: old }, sql`${change}."old"`);
  const columns = rowColumns(context, field, { now, past });
  const isKey = context.index
    .keyOf(type)
    .map(({ column }) => equal(columnOf(now.alias, column), columnOf(key, column)));
  const nowRow = matched(context, now, columns.ofNow, [...isKey, ...matching(context, field, now)]);
  // The filter counts once as input of the client.
  const again = { ...context, budget: createInputBudget() };
  const existed = sql`${change}."existed"`;
  const pastRow = matched(again, past, columns.ofPast, [existed, ...matching(again, field, past)]);
  const keyRow = imageRow(
    { ...context, visibility: everythingVisible },
    { type, alias: key },
    sql`${change}."key"`,
  );
  const rows = sql`${keyRow.from} LEFT JOIN LATERAL (${nowRow}) AS ${after} ON TRUE LEFT JOIN LATERAL (${pastRow}) AS ${before} ON TRUE`;
  const { inner, subscribers, number, replaced } = forSubscribers(ofSubscriber(columns, rows), [
    pairs,
  ]);
  if (replaced.length > maxCohortParameters) {
    throw operationErrors.tooManySubscriptionValues(maxCohortParameters);
  }
  // Code in engine/queries passes only `Parameter` functions to `param`.
  const parameters = replaced as readonly Parameter[];
  const evaluate = sql`${changesOf(type)} SELECT ${number}, ${found}.* FROM ${subscribers} CROSS JOIN LATERAL (${inner}) AS ${found}`;
  const known = context.reads.reads().find(({ alias }) => alias === now.alias);
  const read = argumentReader(definition, nodes[0]);
  return {
    kind: 'CHANGES',
    type,
    responseKey,
    operations: (variables) =>
      operationsIn(read(variables).operations, [responseKey, 'operations']),
    after: (variables) => {
      const cursor = read(variables).after;
      return typeof cursor === 'string' ? cursor : null;
    },
    needsOld: needsOf(context, field, pastRow),
    hasRules: access.rules !== null,
    equalities: known === undefined ? [] : readEqualities(known, parameters),
    parameters,
    evaluate: renderTemplate(evaluate),
    event: eventWriter(context, field, access),
  };
}

/** The changes to evaluate, whose images are converted once for all subscribers. */
function changesOf(type: ModelType): Sql {
  const lists = commaList([listParameter(), listParameter(), listParameter()]);
  const keyImage = sql`${logged}."key"::jsonb`;
  const columns = commaList([
    sql`${logged}."i"`,
    sql`${logged}."unknown"::boolean AS "unknown"`,
    sql`${logged}."old" IS NOT NULL AS "existed"`,
    sql`${imageRecord(type, keyImage)} AS "key"`,
    sql`${imageRecord(type, sql`${keyImage} || ${logged}."old"::jsonb`)} AS "old"`,
  ]);
  return sql`WITH ${change} AS MATERIALIZED (SELECT ${columns} FROM unnest(${lists}) WITH ORDINALITY AS ${logged} ("key", "old", "unknown", "i"))`;
}

/**
 * What one subscriber gets of its changes. Because of OFFSET, PostgreSQL does not merge it with the statement, so that
 * subqueries that depend only on the subscriber run once and not for each change.
 */
function ofSubscriber({ result }: RowColumns, rows: Sql): Sql {
  const own = sql`unnest(${subscriber}.${pairs}::bigint[]) AS ${pair} ("i") JOIN ${change} ON ${change}."i" = ${pair}."i"`;
  return sql`SELECT ${commaList([sql`${change}."i"`, ...result])} FROM ${own} CROSS JOIN LATERAL ${rows} WHERE ${after}."seen" OR ${before}."seen" OR ${change}."unknown" OFFSET 0`;
}

/** The conditions of the subscriber and of its access rules. */
function matching(context: CompileContext, field: ChangesField, row: RowSource): Conditions {
  const path = [field.responseKey];
  const tree = argumentTree(context, field, 'where', path);
  const { type, alias, scope } = row;
  return [...scope, ...compileWhere(context, tree, { type, alias, path: [...path, 'where'] })];
}

/** `SELECT TRUE AS "seen", … FROM … WHERE …` */
function matched(
  context: CompileContext,
  row: RowSource,
  columns: readonly Sql[],
  conditions: Conditions,
): Sql {
  return sql`SELECT ${commaList([sql`TRUE AS "seen"`, ...columns])}${rowsWhere(context, row, conditions)}`;
}

interface RowColumns {
  /** The columns of the row that has the key now, and of the row before the change. */
  readonly ofNow: readonly Sql[];
  readonly ofPast: readonly Sql[];
  /** The columns of the result, from the third. */
  readonly result: readonly Sql[];
}

/** The selected fields that are values of the row: its key and the row itself. */
function rowColumns(
  context: CompileContext,
  field: ChangesField,
  { now, past }: { readonly now: RowSource; readonly past: RowSource },
): RowColumns {
  const fields = selectFields(context, 'CHANGE', field);
  const ofNow: Sql[] = [];
  const ofPast: Sql[] = [];
  const result: Sql[] = [
    sql`CASE WHEN ${change}."unknown" THEN NULL ELSE ${before}."seen" IS TRUE END`,
    sql`${after}."seen" IS TRUE`,
  ];
  if (fields.some(({ kind }) => kind === 'CHANGED_FIELDS')) {
    ofNow.push(sql`${hiddenColumns(context, now)} AS "hidden"`);
    result.push(sql`${after}."hidden"::text`);
  } else {
    result.push(sql`NULL`);
  }
  for (const [index, each] of fields.entries()) {
    const name = ident(`c${index}`);
    if (each.kind === 'CHANGE_NODE') {
      const path = [field.responseKey, each.responseKey];
      const row = { type: now.type, alias: now.alias, field: each, path };
      ofNow.push(sql`${jsonObject(compileRow(context, row).fields)} AS ${name}`);
      result.push(sql`${after}.${name}::text`);
    } else if (each.kind === 'CHANGE_KEY') {
      if (hasHiddenKey(context, now)) {
        ofNow.push(sql`${keyJson(context, each, now)} AS ${name}`);
        ofPast.push(sql`${keyJson(context, each, past)} AS ${name}`);
        result.push(
          sql`CASE WHEN ${after}."seen" THEN ${after}.${name} ELSE ${before}.${name} END::text`,
        );
      } else {
        const visible = { ...context, visibility: everythingVisible };
        result.push(sql`${keyJson(visible, each, { type: now.type, alias: key })}::text`);
      }
    }
  }
  return { ofNow, ofPast, result };
}

function hasHiddenKey(context: CompileContext, row: AliasedRow): boolean {
  return context.index
    .keyOf(row.type)
    .some((column) => guardOf(context, row, tableColumn(column)) !== null);
}

/** The JSON of a row's key: a value or, if the key has several columns, an object. */
function keyJson(
  context: CompileContext,
  field: Extract<BoundField<'CHANGE'>, { kind: 'CHANGE_KEY' }>,
  row: AliasedRow,
): Sql {
  const value = (column: Parameters<typeof tableColumn>[0]) => {
    const own = tableColumn(column);
    return answerOf(visibleValue(context, row, own), own);
  };
  const [first, ...more] = context.index.keyOf(row.type);
  if (first === undefined) throw new Error(`${row.type.name} has no key.`);
  if (more.length === 0) return sql`to_json(${value(first)})`;
  const fields = selectFields(context, 'CHANGE_KEY', field);
  return jsonObject(jsonFields(fields, ({ column }) => value(column)));
}

/** A JSON list of the columns whose values access rules hide in this row. Columns without rules are never in it. */
function hiddenColumns(context: CompileContext, row: AliasedRow): Sql {
  const hidden = columnsOfType(row.type).flatMap((column) => {
    const guard = guardOf(context, row, tableColumn(column));
    return guard === null
      ? []
      : [sql`CASE WHEN (${guard}) IS NOT TRUE THEN ${literal(column.column)} END`];
  });
  return hidden.length === 0
    ? sql`NULL::json`
    : sql`to_json(array_remove(ARRAY[${commaList(hidden)}]::text[], NULL))`;
}

/** The columns of the row before the change in its conditions. */
function needsOf(
  { index }: CompileContext,
  { type }: ChangesField,
  pastRow: Sql,
): readonly string[] {
  const text = renderTemplate(pastRow).chunks.join('');
  const isKey = new Set(index.keyOf(type).map(({ column }) => column));
  return columnsOfType(type).flatMap(({ column }) => {
    const isUsed = text.includes(render(columnOf(old, column)).text);
    return isUsed && !isKey.has(column) ? [column] : [];
  });
}

const subscribable: readonly ChangeOperation[] = ['CREATED', 'UPDATED', 'DELETED'];

function operationsIn(given: unknown, path: readonly string[]): ReadonlySet<ChangeOperation> {
  if (given === undefined || given === null) return new Set(subscribable);
  const operations = Array.isArray(given)
    ? subscribable.filter((operation) => given.includes(operation))
    : [];
  // RESET or nothing at all.
  const isValid = Array.isArray(given) && operations.length === new Set(given).size;
  if (!isValid || operations.length === 0) throw operationErrors.badChangeOperations(path);
  return new Set(operations);
}
