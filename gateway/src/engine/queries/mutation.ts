import { getArgumentValues } from 'graphql';
import type { WriteOperation } from '../api/bindings.ts';
import type { ModelType } from '../sdl/model.ts';
import { ident, sql, type Sql } from '../sql/sql.ts';
import { allOf } from './conditions.ts';
import {
  answeredType,
  kindOf,
  selectFields,
  type CompileContext,
  type SelectedField,
} from './context.ts';
import type { InputPath } from './input-budget.ts';
import { argumentTree } from './input-tree.ts';
import { jsonObject } from './json-object.ts';
import {
  rowAlias,
  type BatchPart,
  type MutationField,
  type MutationPlan,
  type RowSelection,
} from './plan.ts';
import { answerWithoutData, rootFields } from './root.ts';
import { selectRow } from './select.ts';
import { uniqueConditions, uniqueValues } from './unique-where.ts';
import { compileWhere } from './where.ts';

/** @throws OperationError */
export function compileMutation(context: CompileContext): MutationPlan {
  const fields = rootFields(context).map(
    (field) => answerWithoutData(context, field) ?? compileWrite(context, field),
  );
  return { kind: 'MUTATION', fields };
}

function compileWrite(context: CompileContext, field: SelectedField): MutationField {
  const { binding, responseKey, definition, nodes } = field;
  if (typeof binding === 'string' || binding.kind !== 'ROOT' || definition === null) {
    throw new Error('This is no field of the root.');
  }
  const { operation, type } = binding;
  if (operation === 'FIND_ONE' || operation === 'FIND_MANY') {
    throw new Error('Mutations do not find.');
  }
  const [node] = nodes;
  return {
    kind: 'WRITE',
    responseKey,
    operation,
    type,
    args: (variables) => getArgumentValues(definition, node, variables),
    where: writtenRows(context, field, { operation, type }),
    selection: answersBatch(operation)
      ? batchSelection(context, field, type)
      : rowSelection(context, field, type, [responseKey]),
  };
}

const writtenRow = ident(rowAlias);

/** Which rows are changed, over `rowAlias`; null where they are created. */
function writtenRows(
  context: CompileContext,
  field: SelectedField,
  { operation, type }: { readonly operation: WriteOperation; readonly type: ModelType },
): Sql | null {
  const path = [field.responseKey];
  const at = [...path, 'where'];
  switch (operation) {
    case 'CREATE_ONE':
    case 'CREATE_MANY':
      return null;
    case 'UPDATE_ONE':
    case 'UPSERT_ONE':
    case 'DELETE_ONE': {
      const where = argumentTree(context, field, 'where', path);
      const values = uniqueValues(context.index, where, type, at);
      return allOf(uniqueConditions(values, writtenRow));
    }
    case 'UPDATE_MANY':
    case 'DELETE_MANY': {
      const where = argumentTree(context, field, 'where', path);
      return allOf(compileWhere(context, where, { type, alias: writtenRow, path: at }));
    }
  }
}

function answersBatch(operation: WriteOperation): boolean {
  switch (operation) {
    case 'CREATE_MANY':
    case 'UPDATE_MANY':
    case 'DELETE_MANY':
      return true;
    case 'CREATE_ONE':
    case 'UPDATE_ONE':
    case 'UPSERT_ONE':
    case 'DELETE_ONE':
      return false;
  }
}

function rowSelection(
  context: CompileContext,
  field: SelectedField,
  type: ModelType,
  path: InputPath,
): RowSelection {
  const { fields, ownColumnsOnly } = selectRow(context, {
    type,
    alias: writtenRow,
    objectType: answeredType(field),
    selectionSets: field.selectionSets,
    path,
  });
  return { json: jsonObject(fields), ownColumnsOnly, batch: null };
}

function batchSelection(
  context: CompileContext,
  field: SelectedField,
  type: ModelType,
): RowSelection {
  const batchType = answeredType(field);
  const parts = selectFields(context, batchType, field.selectionSets).map((part): BatchPart => {
    const { responseKey } = part;
    switch (kindOf(part)) {
      case 'TYPENAME':
        return { kind: 'TYPENAME', responseKey, json: JSON.stringify(batchType.name) };
      case 'BATCH_COUNT':
        return { kind: 'COUNT', responseKey };
      case 'BATCH_NODES': {
        const path = [field.responseKey, responseKey];
        return { kind: 'NODES', responseKey, row: rowSelection(context, part, type, path) };
      }
      default:
        throw new Error('This is no field of a batch.');
    }
  });
  const rows = parts.flatMap((part) => (part.kind === 'NODES' ? [part.row] : []));
  return {
    json: sql`NULL`,
    ownColumnsOnly: rows.every(({ ownColumnsOnly }) => ownColumnsOnly),
    batch: parts,
  };
}
