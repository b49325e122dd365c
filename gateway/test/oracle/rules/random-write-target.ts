import {
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { bindingOf, type WriteOperation } from '../../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType } from '../../../src/engine/sdl/model.ts';
import { literal } from '../document-writer.ts';
import { randomInput } from '../random-input.ts';
import type { KnownRows } from '../random-keys.ts';
import type { ClientOperation } from '../random-operation.ts';
import type { Tape } from '../tape.ts';
import { keyOfRow } from './random-target.ts';

/**
 * A small mutation of a row that exists, or of a new row, which is accepted more often than a random one: it links rows,
 * changes one value, or creates a row without nested rows. Null if the API has no such mutation.
 */
export function randomWriteTarget(
  api: ProjectApi,
  tape: Tape,
  known: KnownRows,
): ClientOperation | null {
  known.beginOperation();
  for (let attempts = 5; attempts > 0; attempts -= 1) {
    const operation = attempt({ api, tape, known });
    if (operation !== null) return operation;
  }
  return null;
}

/** Null if there is no row, or the type has nothing to link or to change. */
function attempt(target: Target): ClientOperation | null {
  const { api, tape, known } = target;
  const kind = tape.pick(['LINK', 'LINK', 'CHANGE', 'CREATE'] as const);
  const operation = kind === 'CREATE' ? 'CREATE_ONE' : 'UPDATE_ONE';
  const fields = mutationsOf(api, operation);
  if (fields.length === 0) return null;
  const { field, type } = tape.pick(fields);
  const data = inputOf(field, 'data');
  const selected = api.index.keyOf(type).map(({ name }) => name);
  const written = (args: string): ClientOperation => ({
    text: `mutation { ${field.name}(${args}) { ${selected.join(' ')} } }`,
    variables: {},
    cursors: [],
  });
  if (kind === 'CREATE') {
    const place = { index: api.index, tape, known, depth: 0 };
    return written(`data: ${literal(data, randomInput(place, data, 'data'))}`);
  }
  const row = known.row(type, tape);
  const changes = kind === 'LINK' ? linkOf(target, type, data) : changeOf(target, type, data);
  if (row === null || changes === null) return null;
  const where = inputOf(field, 'where');
  const key = keyOfRow(api.index, type, type.key, row);
  return written(`where: ${literal(where, key)}, data: ${literal(data, changes)}`);
}

interface Target {
  readonly api: ProjectApi;
  readonly tape: Tape;
  readonly known: KnownRows;
}

type AnyField = GraphQLField<unknown, unknown>;

function mutationsOf({ schema }: ProjectApi, operation: WriteOperation) {
  const fields: readonly AnyField[] = Object.values(schema.getMutationType()?.getFields() ?? {});
  return fields.flatMap((field) => {
    const binding = bindingOf(field);
    return binding.kind === 'WRITE' && binding.operation === operation
      ? [{ field, type: binding.type }]
      : [];
  });
}

function inputOf({ name, args }: AnyField, argument: string): GraphQLInputType {
  const found = args.find((each) => each.name === argument);
  if (found === undefined) throw new Error(`${name} has no argument ${argument}.`);
  return found.type;
}

function fieldsOf(type: GraphQLInputType) {
  const named = getNamedType(type);
  return isInputObjectType(named) ? Object.values(named.getFields()) : [];
}

/** `{ tags: { connect: [{ id: … }] } }` */
function linkOf({ api, tape, known }: Target, type: ModelType, data: GraphQLInputType): JsonValue {
  const relations = fieldsOf(data).flatMap((field) => {
    const relation = api.index.field(type, field.name);
    if (relation === null || relation.kind === 'VALUE') return [];
    const ways = fieldsOf(field.type).filter(({ name }) => name !== 'create');
    return ways.length === 0 ? [] : [{ name: field.name, relation, ways }];
  });
  if (relations.length === 0) return null;
  const { name, relation, ways } = tape.pick(relations);
  const way = tape.pick(ways);
  const of = isNonNullType(way.type) ? way.type.ofType : way.type;
  const target = api.index.type(relation.target);
  const other = () => {
    const row = known.row(target, tape);
    return row === null ? null : keyOfRow(api.index, target, target.key, row);
  };
  if (isListType(of))
    return { [name]: { [way.name]: tape.list(2, other).filter((key) => key !== null) } };
  if (way.name === 'disconnect') return { [name]: { disconnect: true } };
  const key = other();
  return key === null ? null : { [name]: { [way.name]: key } };
}

function changeOf(
  { api, tape, known }: Target,
  type: ModelType,
  data: GraphQLInputType,
): JsonValue {
  const columns = fieldsOf(data).flatMap((field) => {
    const column = api.index.column(type, field.name);
    return column?.field.kind === 'VALUE' ? [{ field, column }] : [];
  });
  if (columns.length === 0) return null;
  const { field, column } = tape.pick(columns);
  const place = { index: api.index, tape, known, depth: 0, column: { of: type, column } };
  return { [field.name]: randomInput(place, field.type, field.name) };
}
