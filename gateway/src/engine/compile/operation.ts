import {
  getArgumentValues,
  getOperationAST,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { ProjectApi } from '../api/project-api.ts';
import type { WriteOperation } from '../api/bindings.ts';
import type { ModelType } from '../sdl/model.ts';
import { commaList, ident, sql, type Sql } from '../sql/sql.ts';
import { allOf } from './conditions.ts';
import {
  answeredType,
  createContext,
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
  type OperationPlan,
  type QueryPlan,
  type RootAnswer,
  type RowSelection,
} from './plan.ts';
import { compileMany, compileOne, selectRow } from './select.ts';
import { statementOf, type Variables } from './statement.ts';
import { uniqueConditions, uniqueValues } from './unique-where.ts';
import { compileWhere } from './where.ts';

export interface OperationRequest {
  readonly api: ProjectApi;
  /** Valid in the API's schema, and within `projectDocumentLimits`. */
  readonly document: DocumentNode;
  /** Null where the document has one operation only. */
  readonly operationName: string | null;
  /** As GraphQL coerced them. */
  readonly variables: Variables;
}

/**
 * What an operation means, for all requests whose variables have the same shape: see `prepareShape`.
 *
 * @throws InputError for arguments whose structure GraphQL's types allow and the API does not
 * @throws Error where the document has no such operation, or a subscription
 */
export function compileOperation({
  api: { index, schema },
  document,
  operationName,
  variables,
}: OperationRequest): OperationPlan {
  const operation = operationOf(document, operationName);
  const context = createContext({
    index,
    schema,
    operation,
    fragments: fragmentsOf(document),
    variables,
  });
  switch (operation.operation) {
    case OperationTypeNode.QUERY:
      return compileQuery(context);
    case OperationTypeNode.MUTATION:
      return compileMutation(context);
    case OperationTypeNode.SUBSCRIPTION:
      throw new Error('There are no subscriptions.');
  }
}

/** @throws Error where there is none, or no name to tell which */
export function operationOf(
  document: DocumentNode,
  operationName: string | null,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('The document has no such operation.');
  return operation;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

function compileQuery(context: CompileContext): QueryPlan {
  const columns: Sql[] = [];
  const answers = rootFields(context).map((field): QueryPlan['answers'][number] => {
    const { binding, responseKey } = field;
    const answer = withoutData(context, field);
    if (answer !== null) return answer;
    if (typeof binding === 'string' || binding.kind !== 'ROOT') {
      throw new Error('This is no field of the root.');
    }
    const compile = binding.operation === 'FIND_ONE' ? compileOne : compileMany;
    const column = compile(context, field, binding.type, [responseKey]);
    columns.push(sql`(${column}) AS ${ident(`c${columns.length}`)}`);
    return { kind: 'COLUMN', responseKey };
  });
  const statement = columns.length === 0 ? null : statementOf(sql`SELECT ${commaList(columns)}`);
  return { kind: 'QUERY', statement, answers };
}

function rootFields(context: CompileContext): readonly SelectedField[] {
  const { schema, operation } = context;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The API has no ${operation.operation}.`);
  return selectFields(context, root, [operation.selectionSet]);
}

function withoutData(
  { schema, operation }: CompileContext,
  field: SelectedField,
): RootAnswer | null {
  const { responseKey, nodes } = field;
  switch (kindOf(field)) {
    case 'TYPENAME': {
      const name = schema.getRootType(operation.operation)?.name;
      return { kind: 'CONSTANT', responseKey, json: JSON.stringify(name) };
    }
    case 'NOTHING':
      return { kind: 'CONSTANT', responseKey, json: 'null' };
    case 'INTROSPECTION':
      return { kind: 'INTROSPECTION', responseKey, node: nodes[0] };
    default:
      return null;
  }
}

function compileMutation(context: CompileContext): MutationPlan {
  const fields = rootFields(context).map(
    (field) => withoutData(context, field) ?? compileWrite(context, field),
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
