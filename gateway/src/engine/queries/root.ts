import { kindOf, selectFields, type CompileContext, type SelectedField } from './context.ts';
import type { RootAnswer } from './plan.ts';

/** The fields of the operation itself. */
export function rootFields(context: CompileContext): readonly SelectedField[] {
  const { schema, operation } = context;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The API has no ${operation.operation}.`);
  return selectFields(context, root, [operation.selectionSet]);
}

/** Null where the field asks for data. */
export function answerWithoutData(
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
