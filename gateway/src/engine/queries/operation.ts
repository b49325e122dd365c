import { Kind, OperationTypeNode, type DocumentNode, type FragmentDefinitionNode } from 'graphql';
import type { ProjectApi } from '../api/project-api.ts';
import { commaList, ident, sql, type Sql } from '../sql/sql.ts';
import { createContext, operationOf, type CompileContext } from './context.ts';
import { compileMutation } from './mutation.ts';
import type { OperationPlan, QueryPlan } from './plan.ts';
import { answerWithoutData, rootFields } from './root.ts';
import { compileMany, compileOne } from './select.ts';
import { statementOf, type Variables } from './statement.ts';

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
 * @throws OperationError for arguments whose structure GraphQL's types allow and the API does not
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
    const answer = answerWithoutData(context, field);
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
