import { printSchema, type GraphQLSchema, type ValidationRule } from 'graphql';
import { documentErrors } from '../../graphql/document-errors.ts';
import type { ApiAccess } from './access.ts';
import type { ModelIndex } from './model-index.ts';

/** A model's API for callers with the same access. It depends only on the model, not on a project. */
export interface ProjectApi {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
  /** Each field has a binding (see `bindingOf`) and no resolver, so GraphQL can execute only introspection. */
  readonly schema: GraphQLSchema;
}

/** The SDL of the API, for users and code generators. `buildSchema` can parse it. */
export function printApi({ schema }: Pick<ProjectApi, 'schema'>): string {
  const printed = printSchema(schema);
  return `${printed.startsWith('schema {') ? '' : rootsOf(schema)}${printed}\n`;
}

/**
 * The definition of the root types, if a reader of the SDL would take a model for one of them. `printSchema` leaves it
 * out if the root types have their usual names.
 */
function rootsOf(schema: GraphQLSchema): string {
  const roots = [
    { operation: 'query', name: 'Query', type: schema.getQueryType() },
    { operation: 'mutation', name: 'Mutation', type: schema.getMutationType() },
    { operation: 'subscription', name: 'Subscription', type: schema.getSubscriptionType() },
  ];
  const isClear = roots.every(({ name, type }) => schema.getType(name) === (type ?? undefined));
  if (isClear) return '';
  const lines = roots.flatMap(({ operation, type }) =>
    type == null ? [] : [`  ${operation}: ${type.name}\n`],
  );
  return `schema {\n${lines.join('')}}\n\n`;
}

/** Rejects `__schema` and `__type` for callers that cannot use introspection. `__typename` is always allowed. */
export function introspectionRule({ introspect }: Pick<ApiAccess, 'introspect'>): ValidationRule {
  return (context) => ({
    Field(node) {
      const name = node.name.value;
      if (introspect || (name !== '__schema' && name !== '__type')) return;
      const message = `Introspection is not allowed: ${name} requires the scope schema.read.`;
      context.reportError(documentErrors.forbiddenField(message, node));
    },
  });
}
