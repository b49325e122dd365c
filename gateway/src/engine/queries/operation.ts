import { Kind, OperationTypeNode, type DocumentNode, type FragmentDefinitionNode } from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type { WriteOperation } from '../api/bindings.ts';
import type { ProjectApi } from '../api/project-api.ts';
import type { ErrorPath } from '../errors.ts';
import type { ModelType } from '../sdl/model.ts';
import { commaList, ident, sql, type Sql } from '../sql/sql.ts';
import type { RuleProfile } from '../rules/profile.ts';
import { visibilityFor } from '../rules/visibility.ts';
import { argumentReader } from './argument-reader.ts';
import { argumentTree } from './input.ts';
import { jsonObject } from './json.ts';
import {
  rowAlias,
  statementOf,
  type BatchPart,
  type MutationField,
  type MutationPlan,
  type OperationPlan,
  type QueryPlan,
  type RootAnswer,
  type RowSelection,
  type Variables,
} from './plan.ts';
import { compileMany, compileMe, compileOne, compileRow } from './row.ts';
import {
  createContext,
  operationOf,
  rootFields,
  selectFields,
  type BoundField,
  type CompileContext,
  type FieldSelection,
} from './selection.ts';
import { allOf } from './source.ts';
import { everythingVisible, type Visibility } from './visibility.ts';
import { compileUniqueWhere, compileWhere } from './where.ts';

export interface OperationRequest {
  readonly api: ProjectApi;
  /** The document must be valid for the API's schema and within `projectDocumentLimits`. */
  readonly document: DocumentNode;
  /** Can be null if the document has only one operation. */
  readonly operationName: string | null;
  /** The coerced values of the variables. */
  readonly variables: Variables;
  /** Replaces what the access of the API decides. Null for all requests of callers. */
  readonly view?: OperationView | null;
}

/** What the statements of an operation see. */
export interface OperationView {
  readonly visibility: Visibility;
  /** For `me`. */
  readonly profile: RuleProfile;
}

/**
 * Compiles an operation. The result can be used for all requests with the same plan key: see plan-key.ts.
 *
 * @throws OperationError for arguments that GraphQL's types allow but the API rejects
 * @throws Error if the document does not contain the operation, or if the operation is a subscription
 */
export function compileOperation({
  api: { index, schema, access },
  document,
  operationName,
  variables,
  view = null,
}: OperationRequest): OperationPlan {
  const operation = operationOf(document, operationName);
  const fragments = fragmentsOf(document);
  const context = createContext({ index, schema, operation, fragments, variables }, (context) => {
    if (view !== null) return view.visibility;
    return access.rules === null
      ? everythingVisible
      : visibilityFor(context, index.model.access, access.rules);
  });
  switch (operation.operation) {
    case OperationTypeNode.QUERY:
      return compileQuery(context, view?.profile ?? access.rules);
    case OperationTypeNode.MUTATION:
      return compileMutation(context);
    case OperationTypeNode.SUBSCRIPTION:
      throw new Error('Subscriptions are not supported.');
    default:
      return assertNever(operation.operation);
  }
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

function compileQuery(context: CompileContext, profile: RuleProfile | null): QueryPlan {
  const columns: Sql[] = [];
  const answers = rootFields(context, 'QUERY', (field): QueryPlan['answers'][number] => {
    const { responseKey } = field;
    const column = (select: Sql): QueryPlan['answers'][number] => {
      columns.push(sql`(${select}) AS ${ident(`c${columns.length}`)}`);
      return { kind: 'COLUMN', responseKey };
    };
    switch (field.kind) {
      case 'NOTHING':
        return noValue(responseKey);
      case 'ME':
        return profile === null || profile.userField === null
          ? noValue(responseKey)
          : column(compileMe(context, field, field.type, profile));
      case 'FIND':
        return column(compileFind(context, field));
      default:
        return assertNever(field);
    }
  });
  const statement = columns.length === 0 ? null : statementOf(sql`SELECT ${commaList(columns)}`);
  return { kind: 'QUERY', statement, answers };
}

function noValue(responseKey: string): RootAnswer {
  return { kind: 'CONSTANT', responseKey, json: 'null' };
}

function compileFind(
  context: CompileContext,
  field: Extract<BoundField<'QUERY'>, { kind: 'FIND' }>,
): Sql {
  switch (field.operation) {
    case 'FIND_ONE':
      return compileOne(context, field, field.type);
    case 'FIND_MANY':
      return compileMany(context, field, field.type);
    default:
      return assertNever(field.operation);
  }
}

function compileMutation(context: CompileContext): MutationPlan {
  const fields = rootFields(context, 'MUTATION', (field) => compileWrite(context, field));
  return { kind: 'MUTATION', fields };
}

type WriteField = BoundField<'MUTATION'>;

function compileWrite(context: CompileContext, field: WriteField): MutationField {
  const { responseKey, definition, nodes, operation, type } = field;
  return {
    kind: 'WRITE',
    responseKey,
    operation,
    type,
    args: argumentReader(definition, nodes[0]),
    where: rowsToWrite(context, field),
    selection: returnsBatch(operation)
      ? batchSelection(context, field)
      : rowSelection(context, field, type, [responseKey]),
  };
}

const writtenRow = ident(rowAlias);

/** The condition that selects the rows to write, in terms of `rowAlias`. Null for operations that create rows. */
function rowsToWrite(context: CompileContext, field: WriteField): Sql | null {
  const path = [field.responseKey];
  const row = { type: field.type, alias: writtenRow, path: [...path, 'where'] };
  const where = () => argumentTree(context, field, 'where', path);
  switch (field.operation) {
    case 'CREATE_ONE':
    case 'CREATE_ME':
    case 'CREATE_MANY':
      return null;
    case 'UPDATE_ONE':
    case 'UPSERT_ONE':
    case 'DELETE_ONE':
      return allOf(compileUniqueWhere(context, where(), row));
    case 'UPDATE_MANY':
    case 'DELETE_MANY':
      return allOf(compileWhere(context, where(), row));
    default:
      return assertNever(field.operation);
  }
}

function returnsBatch(operation: WriteOperation): boolean {
  switch (operation) {
    case 'CREATE_MANY':
    case 'UPDATE_MANY':
    case 'DELETE_MANY':
      return true;
    case 'CREATE_ONE':
    case 'CREATE_ME':
    case 'UPDATE_ONE':
    case 'UPSERT_ONE':
    case 'DELETE_ONE':
      return false;
    default:
      return assertNever(operation);
  }
}

function rowSelection(
  context: CompileContext,
  field: FieldSelection,
  type: ModelType,
  path: ErrorPath,
): RowSelection {
  const { fields, ownColumnsOnly } = compileRow(context, { type, alias: writtenRow, field, path });
  return { json: jsonObject(fields), ownColumnsOnly, batch: null };
}

function batchSelection(context: CompileContext, field: WriteField): RowSelection {
  const parts = selectFields(context, 'BATCH', field).map((part): BatchPart => {
    const { responseKey } = part;
    switch (part.kind) {
      case 'TYPENAME':
        return { kind: 'TYPENAME', responseKey, json: JSON.stringify(part.typeName) };
      case 'BATCH_COUNT':
        return { kind: 'COUNT', responseKey };
      case 'BATCH_NODES': {
        const row = rowSelection(context, part, field.type, [field.responseKey, responseKey]);
        return { kind: 'NODES', responseKey, row };
      }
      default:
        return assertNever(part);
    }
  });
  const rows = parts.flatMap((part) => (part.kind === 'NODES' ? [part.row] : []));
  return {
    json: sql`NULL`,
    ownColumnsOnly: rows.every(({ ownColumnsOnly }) => ownColumnsOnly),
    batch: parts,
  };
}
