import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import { isOwningSide } from '../../src/engine/api/model-index.ts';
import type {
  Field,
  JsonValue,
  ModelType,
  Relation,
  ScalarName,
  ValueField,
} from '../../src/engine/sdl/model.ts';
import { idOf, Store, type PlainData, type Row } from './store.ts';
import type { Tape } from './tape.ts';
import { findTwin } from './unique.ts';

/**
 * Few values for each type, so that rows collide, tie and lack values; among texts those that patterns, cases
 * and orders could get wrong.
 */
export const samples: Readonly<Record<ScalarName | 'Color', readonly JsonValue[]>> = {
  // `idNumber` makes them.
  ID: [],
  String: ['a', 'b', '', 'ab', 'A', 'aB', 'a%', '_', '\\', 'é', 'É', "'"],
  Int: [0, 1, 2, -1, 2147483647],
  Float: [0, 0.5, 1, -2.25, 1e21],
  Boolean: [false, true],
  BigInt: ['0', '1', '9007199254740993', '9007199254740992', '-9223372036854775808'],
  Decimal: ['0', '1.5', '0.1', '-3', '12345678901234567890.123456789'],
  DateTime: [
    '2024-02-29T12:00:00+00:00',
    '2024-02-29T12:00:00.5+00:00',
    '2024-02-29T12:00:00.500001+00:00',
    '1999-12-31T23:59:59+00:00',
  ],
  Date: ['2024-02-29', '2024-03-01', '0001-01-01'],
  JSON: [{}, { a: 1 }, { a: { b: [1, 2] }, c: null }, [], ['a', { a: 1 }], 'a', 1, true],
  UUID: ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000a'],
  Color: ['RED', 'GREEN', 'blue'],
};

export function isSampled(name: string): name is keyof typeof samples {
  return Object.hasOwn(samples, name);
}

/** The id of the row of a type that has this number: `aaaaaaaa-0000-7000-8000-000000000003`. */
export function idNumber(index: ModelIndex, type: ModelType, number: number): string {
  const digit = 'abcdef'[index.model.types.indexOf(type)] ?? 'f';
  return `${digit.repeat(8)}-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** Rows that keep every rule of the model. */
export function randomData(index: ModelIndex, tape: Tape): PlainData {
  const store = new Store(index, { rows: {}, pairs: {} });
  for (const type of index.model.types) {
    for (let count = tape.pick([3, 8, 7, 6, 5, 4, 1, 0]); count > 0; count -= 1) {
      const row = randomRow(store, type, tape, idNumber(index, type, count));
      if (row !== null && findTwin(store, type, row) === null) store.put(type, row);
    }
  }
  linkBackwards(store, tape);
  for (const relation of index.model.relations) addPairs(store, relation, tape);
  return store.toPlain();
}

/** Null where a relation is required and nothing is there yet. */
function randomRow(store: Store, type: ModelType, tape: Tape, id: string): Row | null {
  const cells = type.fields.map((field) => randomCell(store, field, tape, id));
  return cells.includes(null) ? null : Object.fromEntries(cells.flatMap((cell) => cell ?? []));
}

function randomCell(
  store: Store,
  field: Field,
  tape: Tape,
  id: string,
): readonly (readonly [string, JsonValue])[] | null {
  if (field.kind === 'VALUE') {
    if (field.role === 'ID') return [[field.name, id]];
    const isNull = !field.required && tape.oneIn(4);
    return [[field.name, isNull ? null : randomValue(field, tape)]];
  }
  if (!isOwningSide(field)) return [];
  const targets = store.all(field.target).map((row) => row[store.index.type(field.target).idField]);
  if (targets.length === 0) return field.required ? null : [[field.key.name, null]];
  const isNull = !field.required && tape.oneIn(4);
  return [[field.key.name, isNull ? null : (tape.pick(targets) ?? null)]];
}

function randomValue({ type, list }: ValueField, tape: Tape): JsonValue {
  const choices = isSampled(type.name) ? samples[type.name] : [];
  return list ? tape.list(3, () => tape.pick(choices)) : tape.pick(choices);
}

/** Keys to later types and to rows of the same type. */
function linkBackwards(store: Store, tape: Tape): void {
  for (const type of store.index.model.types) {
    for (const row of store.all(type.name)) {
      for (const field of type.fields.filter(isOwningSide)) {
        const targets = store.all(field.target);
        if (row[field.key.name] !== null || targets.length === 0 || tape.oneIn(3)) continue;
        const id = tape.pick(targets)[store.index.type(field.target).idField] ?? null;
        const linked = { ...store.get(type.name, row[type.idField]), [field.key.name]: id };
        if (findTwin(store, type, linked) === null) store.put(type, linked);
      }
    }
  }
}

function addPairs(store: Store, relation: Relation, tape: Tape): void {
  if (relation.kind !== 'JOIN_TABLE') return;
  const ids = relation.sides.map(({ type }) =>
    store.all(type).map((row) => idOf(store.index.type(type), row)),
  );
  const [firsts = [], seconds = []] = ids;
  if (firsts.length === 0 || seconds.length === 0) return;
  for (let count = tape.below(10); count > 0; count -= 1) {
    const pair = [tape.pick(firsts), tape.pick(seconds)] as const;
    store.pairsOf(relation).set(pair.join(' '), pair);
  }
}
