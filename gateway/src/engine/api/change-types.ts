import { GraphQLEnumType, GraphQLObjectType, GraphQLString } from 'graphql';
import { changeKeyType, changeOperationType as operationName } from '../sdl/api-names.ts';
import type { ModelType } from '../sdl/model.ts';
import { leafType, type ApiContext } from './api-types.ts';
import { keyWord } from './descriptions.ts';
import type { ModelColumn } from './model-index.ts';
import { mayReadField } from './permissions.ts';
import { apiScalars, cursorScalar } from './scalars.ts';
import { listOf, outputField, required } from './shared-types.ts';

export const changeOperationType = new GraphQLEnumType({
  name: operationName,
  description: 'What happened to a row, as a subscriber to changes sees it.',
  values: {
    CREATED: { description: 'The row was created, or now matches the conditions.' },
    UPDATED: { description: 'The row was updated, and matched the conditions before.' },
    DELETED: { description: 'The row was deleted, or no longer matches the conditions.' },
    RESET: {
      description:
        'Any row could have changed. Read the rows again. Sent if the changes were not logged in detail. It cannot be subscribed to on its own.',
    },
  },
});

/** The type of a change of a row: `IssueChange`. */
export function changeTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Change`,
    description: `A change of a row of \`${type.name}\`.`,
    fields: () => ({
      cursor: outputField(
        required(cursorScalar),
        { kind: 'CHANGE_CURSOR' },
        'The place of the change in the log. Use it as `after` to continue from here.',
      ),
      operation: outputField(
        required(changeOperationType),
        { kind: 'CHANGE_OPERATION' },
        'What happened to the row.',
      ),
      ...keyField(context, type),
      node: outputField(
        context.types.object(type),
        { kind: 'CHANGE_NODE', type },
        'The row as it is now. Null if it was deleted, and for `RESET`.',
      ),
      changed: outputField(
        required(listOf(GraphQLString)),
        { kind: 'CHANGED_FIELDS' },
        'The names of the fields with new values. Empty if the row was created or deleted. Fields that access rules hide are left out.',
      ),
      at: outputField(
        required(apiScalars.DateTime),
        { kind: 'CHANGE_AT' },
        'When the change was added to the log, shortly after it was made.',
      ),
    }),
  });
}

/** The key of the row: `id`, or `key` with a field for each column. A caller from whom rules hide the key has neither. */
function keyField(context: ApiContext, type: ModelType) {
  const { index } = context;
  const columns = index.keyOf(type);
  if (!columns.every(({ field }) => mayReadField(context, type.name, field.name))) return {};
  const [column, ...more] = columns;
  if (column === undefined) return {};
  const binding = { kind: 'CHANGE_KEY', type } as const;
  const about = `The ${keyWord(type)} of the row. Null for \`RESET\`, or if access rules hide it.`;
  return more.length === 0
    ? { id: outputField(leafType(context, column.type), binding, about) }
    : { key: outputField(keyTypeOf(context, type, columns), binding, about) };
}

function keyTypeOf(context: ApiContext, type: ModelType, columns: readonly ModelColumn[]) {
  return new GraphQLObjectType({
    name: changeKeyType(type.name),
    description: `The key of a row of \`${type.name}\`.`,
    fields: Object.fromEntries(
      columns.map((column) => [
        column.name,
        outputField(leafType(context, column.type), { kind: 'KEY_COLUMN', column }, null),
      ]),
    ),
  });
}
