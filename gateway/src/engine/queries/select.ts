import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { literal, projectTable, sql, type Sql } from '../sql/sql.ts';
import { answerOf, keyColumn, valueColumn } from './column.ts';
import { whereClause } from './conditions.ts';
import { compileConnection } from './connection.ts';
import { answeredType, selectFields, type CompileContext, type SelectedField } from './context.ts';
import type { InputPath } from './input-budget.ts';
import { jsonSelect, type JsonField } from './json-object.ts';
import { argumentTree } from './input-tree.ts';
import { linkedRows } from './link.ts';
import type { ListRows } from './list-query.ts';
import type { RowPlace, SelectedRow } from './row-place.ts';
import { uniqueConditions, uniqueValues } from './unique-where.ts';

/**
 * What is answered of a row, at any depth: its columns, and for each relation a subquery of its own.
 * @throws OperationError for arguments of relations
 */
export function selectRow(context: CompileContext, row: RowPlace): SelectedRow {
  const fields = selectFields(context, row.objectType, row.selectionSets);
  return {
    fields: fields.map((field): JsonField => [field.responseKey, rowField(context, field, row)]),
    ownColumnsOnly: fields.every(({ binding }) => typeof binding === 'string' || isOwn(binding)),
  };
}

function isOwn({ kind }: { readonly kind: string }): boolean {
  return kind === 'VALUE' || kind === 'KEY';
}

function rowField(context: CompileContext, field: SelectedField, row: RowPlace): Sql {
  const { binding, responseKey } = field;
  if (binding === 'TYPENAME') return literal(row.objectType.name);
  if (binding !== 'INTROSPECTION') {
    if (binding.kind === 'VALUE') return answerOf(row.alias, valueColumn(binding.field));
    if (binding.kind === 'KEY') return answerOf(row.alias, keyColumn(binding.field));
    if (binding.kind === 'TO_ONE') return toOne(context, field, binding.field, row);
    if (binding.kind === 'TO_MANY') {
      const rows = relatedRows(context, binding.field, row);
      const path = [...row.path, responseKey];
      return sql`(${compileConnection(context, field, { rows, path, selectRow })})`;
    }
  }
  throw new Error('This is no field of a row.');
}

function toOne(
  context: CompileContext,
  field: SelectedField,
  relation: ToOneField,
  row: RowPlace,
): Sql {
  const { type, alias, source } = relatedRows(context, relation, row);
  const selected = selectRow(context, {
    type,
    alias,
    objectType: answeredType(field),
    selectionSets: field.selectionSets,
    path: [...row.path, field.responseKey],
  });
  return sql`(${jsonSelect(selected.fields, sql` FROM ${source.from}${whereClause(source.tie)}`)})`;
}

/** The rows that a relation of the row leads to. */
function relatedRows(
  { index, newAlias }: CompileContext,
  field: ToOneField | ToManyField,
  { type, alias: parent }: RowPlace,
): ListRows {
  const link = index.link(type, field);
  const alias = newAlias();
  const parentId = index.idOf(type).column;
  const source = linkedRows(index, { link, parent, parentId, alias, newAlias });
  return { type: link.target, alias, source };
}

/** The JSON of the one row that its unique key finds; none where there is no such row. */
export function compileOne(
  context: CompileContext,
  field: SelectedField,
  type: ModelType,
  path: InputPath,
): Sql {
  const alias = context.newAlias();
  const where = argumentTree(context, field, 'where', path);
  const values = uniqueValues(context.index, where, type, [...path, 'where']);
  const { fields } = selectRow(context, {
    type,
    alias,
    objectType: answeredType(field),
    selectionSets: field.selectionSets,
    path,
  });
  const conditions = whereClause(uniqueConditions(values, alias));
  return jsonSelect(fields, sql` FROM ${tableOf(type, alias)}${conditions}`);
}

/** The JSON of a connection over all rows of a type. */
export function compileMany(
  context: CompileContext,
  field: SelectedField,
  type: ModelType,
  path: InputPath,
): Sql {
  const alias = context.newAlias();
  const rows = { type, alias, source: { from: tableOf(type, alias), tie: [], fixed: [] } };
  return compileConnection(context, field, { rows, path, selectRow });
}

function tableOf({ table }: ModelType, alias: Sql): Sql {
  return sql`${projectTable(table)} AS ${alias}`;
}
