import {
  getNamedType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  type GraphQLInputType,
} from 'graphql';
import { columnsOfType, type ModelIndex } from '../../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType, UniqueKey } from '../../../src/engine/sdl/model.ts';
import { literal } from '../document-writer.ts';
import { randomInput } from '../random-input.ts';
import type { KnownRows } from '../random-keys.ts';
import type { ClientOperation } from '../random-operation.ts';
import type { Row } from '../row.ts';
import type { Tape } from '../tape.ts';

/**
 * A query about the places where a hidden row or value could show: filters and orders through relations, keys, and
 * filters by the values of rows. Null if the API has no such place.
 */
export function randomTarget(
  api: ProjectApi,
  tape: Tape,
  known: KnownRows,
): ClientOperation | null {
  for (let attempts = 5; attempts > 0; attempts -= 1) {
    const operation = attempt(api, tape, known);
    if (operation !== null) return operation;
  }
  return null;
}

function attempt(api: ProjectApi, tape: Tape, known: KnownRows): ClientOperation | null {
  const types = api.index.model.types.filter((type) => listOf(api, type) !== undefined);
  if (types.length === 0) return null;
  const place: Target = { api, tape, known, type: tape.pick(types) };
  const kind = tape.pick(['RELATION', 'RELATION', 'ORDER', 'VALUE', 'VALUE_ORDER', 'KEY'] as const);
  const text =
    kind === 'RELATION'
      ? relationFilter(place)
      : kind === 'ORDER'
        ? relationOrder(place)
        : kind === 'VALUE'
          ? valueFilter(place)
          : kind === 'VALUE_ORDER'
            ? valueOrder(place)
            : rowByKey(place);
  return text === null ? null : { text, variables: {}, cursors: [] };
}

interface Target {
  readonly api: ProjectApi;
  readonly tape: Tape;
  readonly known: KnownRows;
  readonly type: ModelType;
}

function listOf({ schema }: ProjectApi, type: ModelType) {
  return schema.getQueryType()?.getFields()[type.names.many];
}

function fieldsOf(type: GraphQLInputType) {
  const named = getNamedType(type);
  return isInputObjectType(named) ? Object.values(named.getFields()) : [];
}

function argument({ api, type }: Target, name: string): GraphQLInputType {
  const found = listOf(api, type)?.args.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${type.names.many} has no argument ${name}.`);
  return isNonNullType(found.type) ? found.type.ofType : found.type;
}

/** `{ cats(where: { … }, first: 5) { totalCount nodes { id } } }` */
function list({ api, type }: Target, args: string): string {
  const key = api.index.keyOf(type).map(({ name }) => name);
  const size = Math.min(type.maxPageSize, 20);
  return `{ ${type.names.many}(${args}, first: ${size}) { totalCount nodes { ${key.join(' ')} } } }`;
}

function relationFilter(target: Target): string | null {
  const { api, tape, type, known } = target;
  const filter = argument(target, 'where');
  const relations = fieldsOf(filter).filter(
    ({ name }) => (api.index.field(type, name)?.kind ?? 'VALUE') !== 'VALUE',
  );
  if (relations.length === 0) return null;
  const field = tape.pick(relations);
  const relation = api.index.field(type, field.name);
  if (relation === null || relation.kind === 'VALUE') return null;
  const place = { index: api.index, tape, depth: 1, known };
  const [quantifier, inner] =
    relation.kind === 'TO_ONE'
      ? [null, field.type]
      : (() => {
          const chosen = tape.pick(fieldsOf(field.type));
          return [chosen.name, chosen.type] as const;
        })();
  const condition = tape.oneIn(2) ? {} : randomInput(place, inner, 'where');
  const value: JsonValue = quantifier === null ? condition : { [quantifier]: condition };
  const whole = { [field.name]: value };
  return list(target, `where: ${literal(filter, tape.oneIn(4) ? { not: whole } : whole)}`);
}

function relationOrder(target: Target): string | null {
  const { api, tape, type, known } = target;
  const order = listOf(api, type)?.args.find(({ name }) => name === 'orderBy');
  if (order === undefined) return null;
  const usable = fieldsOf(order.type).filter(
    ({ name }) => api.index.field(type, name)?.kind === 'TO_ONE',
  );
  if (usable.length === 0) return null;
  const field = tape.pick(usable);
  const place = { index: api.index, tape, depth: 1, known };
  const value = [{ [field.name]: randomInput(place, field.type, field.name) }];
  return list(target, `orderBy: ${literal(order.type, value)}`);
}

/** Usually one of the fields that have rules of their own. */
function pickRuled<T extends { readonly name: string }>(
  { api, tape, type }: Target,
  fields: readonly T[],
): T {
  const rules = api.index.model.access?.types.find((each) => each.type === type.name)?.fields ?? [];
  const ruled = fields.filter(({ name }) => rules.some(({ field }) => field === name));
  return tape.pick(ruled.length > 0 && !tape.oneIn(4) ? ruled : fields);
}

function valueOrder(target: Target): string | null {
  const { api, tape, type } = target;
  const order = listOf(api, type)?.args.find(({ name }) => name === 'orderBy');
  if (order === undefined) return null;
  const columns = fieldsOf(order.type).filter(({ name }) => api.index.column(type, name) !== null);
  if (columns.length === 0) return null;
  const field = pickRuled(target, columns);
  const place = { index: api.index, tape, depth: 0, known: target.known };
  const value = [{ [field.name]: randomInput(place, field.type, field.name) }];
  return list(target, `orderBy: ${literal(order.type, value)}`);
}

/** Compares a column with the value of a row. */
function valueFilter(target: Target): string | null {
  const { api, tape, type, known } = target;
  const filter = argument(target, 'where');
  const row = known.row(type, tape);
  const columns = fieldsOf(filter).filter(({ name, type: of }) => {
    const value = row?.[name] ?? null;
    const operators = fieldsOf(of).map((each) => each.name);
    return api.index.column(type, name) !== null && value !== null && operators.includes('eq');
  });
  if (columns.length === 0 || row === null) return null;
  const { name } = pickRuled(target, columns);
  const operator = tape.pick(['eq', 'eq', 'isNull']);
  const operand = operator === 'eq' ? (row[name] ?? null) : tape.oneIn(2);
  const whole = { [name]: { [operator]: operand } };
  return list(target, `where: ${literal(filter, tape.oneIn(4) ? { not: whole } : whole)}`);
}

/** Finds a row by one of its keys. */
function rowByKey(target: Target): string | null {
  const { api, tape, type, known } = target;
  const one = api.schema.getQueryType()?.getFields()[type.names.one];
  const where = one?.args.find(({ name }) => name === 'where');
  const row = known.row(type, tape);
  if (where === undefined || row === null) return null;
  const keys = [type.key, ...type.uniques].filter(({ name }) =>
    fieldsOf(where.type).some((field) => field.name === name),
  );
  if (keys.length === 0) return null;
  const key = pickRuled(target, keys);
  if (api.index.columnsOf(type, key).some(({ name }) => (row[name] ?? null) === null)) return null;
  const value = keyOfRow(api.index, type, key, row);
  const selected = columnNames(api, type);
  return `{ ${type.names.one}(where: ${literal(where.type, value)}) { ${selected.join(' ')} } }`;
}

/** `{ id }`, or `{ board_number: { boardId, number } }`. */
export function keyOfRow(
  index: ModelIndex,
  type: ModelType,
  key: UniqueKey,
  row: Row,
): Readonly<Record<string, JsonValue>> {
  const columns = index.columnsOf(type, key);
  const values = Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]));
  return columns.length === 1 ? values : { [key.name]: values };
}

function columnNames({ schema }: ProjectApi, type: ModelType): readonly string[] {
  const of = schema.getType(type.name);
  const fields = isObjectType(of) ? Object.keys(of.getFields()) : [];
  return columnsOfType(type)
    .map(({ name }) => name)
    .filter((name) => fields.includes(name));
}
