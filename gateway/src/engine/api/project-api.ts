import { printSchema, type GraphQLSchema, type ValidationRule } from 'graphql';
import { documentErrors } from '../../graphql/document-errors.ts';
import type { ApiAccess } from './access.ts';
import type { ModelIndex } from './model-index.ts';

/** The API of a model as callers with one kind of access see it. It contains nothing of a particular project. */
export interface ProjectApi {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
  /** Each field has a binding: see `bindingOf`. Without resolvers, it can execute introspection only. */
  readonly schema: GraphQLSchema;
}

/** The SDL of the API, for people and code generators: `buildSchema` reads it back. */
export function printApi({ schema }: Pick<ProjectApi, 'schema'>): string {
  return `${printSchema(schema)}\n`;
}

/** Refuses `__schema` and `__type` to callers who may not introspect. `__typename` is always allowed. */
export function introspectionRule({ introspect }: Pick<ApiAccess, 'introspect'>): ValidationRule {
  return (context) => ({
    Field(node) {
      const name = node.name.value;
      if (introspect || (name !== '__schema' && name !== '__type')) return;
      const message = `This key may not introspect: ${name} is for keys with the scope schema.read.`;
      context.reportError(documentErrors.forbiddenField(message, node));
    },
  });
}
