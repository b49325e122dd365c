import { assertNever } from '../../platform/assert-never.ts';
import type { ErrorPath } from '../errors.ts';
import type { RuleProfile } from '../rules/profile.ts';
import { isCaller } from '../rules/references.ts';
import type { ModelType, ToOneField } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { answerOf, tableColumn, type Column } from './column.ts';
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
import {
  guardOf,
  relatedRows,
  tableRows,
  visibleValue,
  whereClause,
  type RowSource,
} from './source.ts';
import type { AliasedRow } from './visibility.ts';
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
    ownColumnsOnly: fields.every((field) => readsOwnColumns(context, field, row)),
  };
}

function readsOwnColumns(
  context: CompileContext,
  field: SelectedField<'ROW'>,
  row: AliasedRow,
): boolean {
  switch (field.kind) {
    case 'TYPENAME':
      return true;
    case 'VALUE':
      return guardOf(context, row, tableColumn(field.field)) === null;
    case 'KEY':
      return guardOf(context, row, tableColumn(field.column)) === null;
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
      return answer(context, tableColumn(field.field), row);
    case 'KEY':
      return answer(context, tableColumn(field.column), row);
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

function answer(context: CompileContext, column: Column, row: AliasedRow): Sql {
  return answerOf(visibleValue(context, row, column), column);
}

function toOne(
  context: CompileContext,
  field: FieldSelection,
  relation: ToOneField,
  row: RequestedRow,
): Sql {
  const { type, alias, from, scope } = relatedRows(context, relation, row);
  const path = [...row.path, field.responseKey];
  const { fields } = compileRow(context, { type, alias, field, path });
  return sql`(${jsonSelect(fields, sql` FROM ${from}${whereClause(scope)}`)})`;
}

/** A SELECT that returns the row with the given unique key as JSON, or no row if it does not exist. */
export function compileOne(context: CompileContext, field: FieldSelection, type: ModelType): Sql {
  const path = [field.responseKey];
  const { alias, from, scope } = tableRows(context, type);
  const where = argumentTree(context, field, 'where', path);
  const conditions = compileUniqueWhere(context, where, { type, alias, path: [...path, 'where'] });
  const { fields } = compileRow(context, { type, alias, field, path });
  return jsonSelect(fields, sql` FROM ${from}${whereClause([...conditions, ...scope])}`);
}

/** A SELECT that returns the row of the caller as JSON, or no row if the caller has none or does not see it. */
export function compileMe(
  context: CompileContext,
  field: FieldSelection,
  type: ModelType,
  profile: RuleProfile,
): Sql {
  const row = tableRows(context, type);
  const { fields } = compileRow(context, { ...row, field, path: [field.responseKey] });
  const conditions = [isCaller(context, profile, row), ...row.scope];
  return jsonSelect(fields, sql` FROM ${row.from}${whereClause(conditions)}`);
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
