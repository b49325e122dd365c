import type { ValidationRule } from 'graphql';
import { documentErrors } from '../../graphql/document-errors.ts';
import type { ApiAccess } from './access.ts';

/** Refuses `__schema` and `__type` to who may not ask what there is. `__typename` is everyone's. */
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
