import { assertNever } from '../../platform/assert-never.ts';
import type { ErrorPath } from '../errors.ts';
import type { ModelType, ToOneField } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { answerOf, tableColumn } from './column.ts';
import { compileConnection, type RequestedRow } from './connection.ts';
import { argumentTree } from './input.ts';
import { jsonFields, jsonSelect, type JsonField } from './json.ts';
import {
  selectFields,
  type BoundField,
  type CompileContext,
  type FieldSelection,
  type SelectedField,
} from './selection.ts';
import { relatedRows, tableRows, whereClause, type RowSource } from './source.ts';
import { compileUniqueWhere } from './where.ts';

/** The selected fields of a row. */
export interface CompiledRow {
  readonly fields: readonly JsonField[];
  /** Whether the fields read only the row's own columns. */
  readonly ownColumnsOnly: boolean;
}

/**
 * Compiles the selected fields of a row: a column for each value and a subquery for each relation.
 * @throws OperationError for invalid arguments of relations
 */
export function compileRow(context: CompileContext, row: RequestedRow): CompiledRow {
  const fields = selectFields(context, 'ROW', row.field);
  return {
    fields: jsonFields(fields, (field) => rowField(context, field, row)),
    ownColumnsOnly: fields.every(readsOwnColumns),
  };
}

function readsOwnColumns(field: SelectedField<'ROW'>): boolean {
  switch (field.kind) {
    case 'TYPENAME':
    case 'VALUE':
    case 'KEY':
      return true;
    case 'TO_ONE':
    case 'TO_MANY':
      return false;
    default:
      return assertNever(field);
  }
}

function rowField(context: CompileContext, field: BoundField<'ROW'>, row: RequestedRow): Sql {
  switch (field.kind) {
    case 'VALUE':
      return answerOf(row.alias, tableColumn(field.field));
    case 'KEY':
      return answerOf(row.alias, tableColumn(field.column));
    case 'TO_ONE':
      return toOne(context, field, field.field, row);
    case 'TO_MANY': {
      const rows = relatedRows(context, field.field, row);
      return sql`(${connection(context, field, rows, [...row.path, field.responseKey])})`;
    }
    default:
      return assertNever(field);
  }
}

function toOne(
  context: CompileContext,
  field: FieldSelection,
  relation: ToOneField,
  row: RequestedRow,
): Sql {
  const { type, alias, from, tie } = relatedRows(context, relation, row);
  const path = [...row.path, field.responseKey];
  const { fields } = compileRow(context, { type, alias, field, path });
  return sql`(${jsonSelect(fields, sql` FROM ${from}${whereClause(tie)}`)})`;
}

/** A SELECT that returns the row with the given unique key as JSON, or no row if it does not exist. */
export function compileOne(context: CompileContext, field: FieldSelection, type: ModelType): Sql {
  const path = [field.responseKey];
  const { alias, from } = tableRows(context, type);
  const where = argumentTree(context, field, 'where', path);
  const conditions = compileUniqueWhere(context, where, { type, alias, path: [...path, 'where'] });
  const { fields } = compileRow(context, { type, alias, field, path });
  return jsonSelect(fields, sql` FROM ${from}${whereClause(conditions)}`);
}

/** A SELECT that returns a connection over all rows of a type as JSON. */
export function compileMany(context: CompileContext, field: FieldSelection, type: ModelType): Sql {
  return connection(context, field, tableRows(context, type), [field.responseKey]);
}

function connection(
  context: CompileContext,
  field: FieldSelection,
  rows: RowSource,
  path: ErrorPath,
): Sql {
  return compileConnection(context, field, {
    rows,
    path,
    compileRow: (row) => compileRow(context, row).fields,
  });
}
