import { GraphQLObjectType } from 'graphql';
import { notLiveInRules } from '../live/live-rules.ts';
import { changesFieldName } from '../sdl/api-names.ts';
import type { ModelType } from '../sdl/model.ts';
import type { ApiContext } from './api-types.ts';
import { changeOperationType } from './change-types.ts';
import { listArguments } from './connection-types.ts';
import { paragraphs, sentences } from './descriptions.ts';
import { mayRead } from './permissions.ts';
import { rootField, rootNames, type NamedField } from './root-field.ts';
import { cursorScalar } from './scalars.ts';
import { inputField, listOf, required } from './shared-types.ts';

/** The models that the caller can subscribe to. */
export function liveTypes(context: ApiContext): readonly ModelType[] {
  return context.index.model.types.filter(({ name, live }) => live && mayRead(context, name));
}

/**
 * The Subscription type. Null if the caller can read no model with `@live`. A live query has a field where everything
 * that decides about its rows is live (docs/decisions/0024): its model, and the models that its access rules read.
 */
export function subscriptionType(context: ApiContext): GraphQLObjectType | null {
  const types = liveTypes(context);
  if (types.length === 0) return null;
  const described = types.map((type) => ({ type, hindrance: hindranceOf(context, type) }));
  const isWhole = context.access.rules?.audience === 'ANY';
  const queried = described.filter(({ hindrance }) => hindrance === null || isWhole);
  return new GraphQLObjectType({
    name: rootNames(context).subscription,
    description: paragraphs(
      'Live results, by WebSocket or server-sent events. A subscription has one root field.',
      sentences(
        ...described.flatMap(({ type, hindrance }) =>
          hindrance === null ? [] : [missingFields(type, hindrance, isWhole)],
        ),
      ),
    ),
    fields: () =>
      Object.fromEntries([
        ...queried.flatMap(({ type }) => meOf(context, type)),
        ...queried.flatMap(({ type }) => liveQueriesOf(context, type)),
        ...types.map((type) => changesOf(context, type)),
      ]),
  });
}

/** Names a model that is not live. Null if a query of the type can be live. */
function hindranceOf(context: ApiContext, type: ModelType): string | null {
  const [first] = notLiveInRules(context.index, context.access, type);
  if (first === undefined) return null;
  return mayRead(context, first.name) ? `\`${first.name}\`` : 'a model';
}

function missingFields({ name, names }: ModelType, hindrance: string, isWhole: boolean): string {
  const fields = `\`${names.one}\` and \`${names.many}\``;
  const without = `${hindrance} without \`@live\``;
  return isWhole
    ? `${fields} are missing for callers for whom access rules of \`${name}\` read ${without}.`
    : `${fields} are missing, because access rules of \`${name}\` read ${without}.`;
}

function meOf({ index: { model }, types }: ApiContext, type: ModelType): readonly NamedField[] {
  if (type.name !== model.access?.userType) return [];
  return [
    rootField({
      name: 'me',
      binding: { kind: 'LIVE_ME', type },
      answer: types.object(type),
      args: {},
      description: `Sends the \`${type.name}\` row of the signed-in user, and again whenever it changes. Null if no user is signed in or has a row yet.`,
    }),
  ];
}

function liveQueriesOf(context: ApiContext, type: ModelType): readonly NamedField[] {
  const { types } = context;
  const { names, name } = type;
  return [
    rootField({
      name: names.one,
      binding: { kind: 'LIVE_FIND', operation: 'FIND_ONE', type },
      answer: types.object(type),
      args: { where: inputField(required(types.whereUnique(type)), null) },
      description: `Sends the \`${name}\` with this key, and again whenever the result changes. Null while it does not exist.`,
    }),
    rootField({
      name: names.many,
      binding: { kind: 'LIVE_FIND', operation: 'FIND_MANY', type },
      answer: required(types.connection(type)),
      args: listArguments(context, type),
      description: `Sends a page of the matching \`${name}\` rows, and again whenever the result changes.`,
    }),
  ];
}

function changesOf({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: changesFieldName(type.names),
    binding: { kind: 'CHANGES', type },
    answer: required(types.change(type)),
    args: {
      where: inputField(
        types.where(type),
        'Conditions on the rows. A row that begins to match is `CREATED`, and one that no longer matches is `DELETED`. Default: all rows.',
      ),
      operations: inputField(
        listOf(changeOperationType),
        'The operations to send, of `CREATED`, `UPDATED` and `DELETED`. Default: all of them. `RESET` is always sent.',
      ),
      after: inputField(
        cursorScalar,
        'Sends all changes after this cursor, from a change or from `changesCursor`. Default: changes from now on.',
      ),
    },
    description: `Sends each change of a matching \`${type.name}\` row, at least once and in order.`,
  });
}
