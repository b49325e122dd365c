import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { indexModel } from '../../src/engine/api/model-index.ts';
import { param, sql } from '../../src/engine/sql/sql.ts';
import { InputLocation } from '../../src/engine/mutations/input-location.ts';
import { DrawnNumber, NewRow, UpdatedRow } from '../../src/engine/mutations/row-ref.ts';
import type { LockedRow } from '../../src/engine/mutations/ruled/statements.ts';
import type { FieldRule, UpdateRules } from '../../src/engine/mutations/ruled/write-rules.ts';
import type { ChangeTarget, RowFilter } from '../../src/engine/mutations/statements/change.ts';
import { returnNothing, type Returning } from '../../src/engine/mutations/statements/insert.ts';
import {
  writableTable,
  type WritableRelation,
  type WritableTable,
} from '../../src/engine/mutations/writable-table.ts';
import { readModel } from './project.ts';

// Random choices that define statements, for tests of the keys of statements.

const schema = readFileSync(
  join(import.meta.dirname, '../../src/engine/mutations/cases/schema.graphql'),
  'utf8',
);
const keys = readFileSync(join(import.meta.dirname, '../examples/keys.graphql'), 'utf8');
const indexes = [schema, keys].map((text) => indexModel(readModel(text)));
export const tables = indexes.flatMap((index) =>
  index.model.types.map((type) => writableTable(index, type)),
);
export const sequences = tables.flatMap(({ sequence }) => sequence ?? []);
const relations = tables.flatMap((table) => table.relations);
export const ofKind = (...kinds: readonly WritableRelation['link']['kind'][]) =>
  relations.filter(({ link }) => kinds.includes(link.kind));
export const uniques = tables.flatMap((table) =>
  [...table.uniques.values()].map((unique) => ({ table, unique })),
);

const [first, second] = [param(() => 'first'), param(() => 'second')];
/** The list includes equal SQL strings with different parameters, and equal SQL in separate objects. */
export const conditions = [
  sql`t."id" = ${first}`,
  sql`t."id" = ${second}`,
  sql`t."id" = ${first}`,
  sql`t."id" = ${first} AND t."owner_id" = ${second}`,
  sql`true`,
];
export const returnings: readonly Returning[] = [
  returnNothing,
  { list: () => sql`t."id"::text` },
  { list: () => sql`t."id"::text, ${first}` },
  { list: () => sql`t."id"::text, ${second}` },
];

const alternative = { where: sql`t."a"`, check: sql`t."b"` };
/** The rules of updates, among them equal rules with different parameters. */
export const updates: readonly UpdateRules[] = [
  { permitted: sql`true`, alternatives: [[alternative]], required: sql`true` },
  { permitted: sql`true`, alternatives: [[alternative], [alternative]], required: sql`true` },
  { permitted: sql`true`, alternatives: [[alternative, alternative]], required: sql`true` },
  { permitted: sql`true`, alternatives: [], required: sql`true` },
  ...[first, second].map((value): UpdateRules => ({
    permitted: sql`t."id" = ${value}`,
    alternatives: [[{ where: sql`t."id" = ${value}`, check: sql`true` }]],
    required: sql`t."id" = ${value}`,
  })),
];
const pairables = conditions.flatMap((own) => conditions.map((other) => ({ own, other })));
export const creatableFields: readonly (readonly FieldRule[])[] = [
  [],
  [{ field: 'name', condition: sql`t."id" = ${first}` }],
  [{ field: 'name', condition: sql`t."id" = ${second}` }],
];

/** The random choices that define a statement. Numbers are indexes into the lists above, modulo their lengths. */
export interface Draw {
  readonly kind: number;
  readonly table: number;
  readonly relation: number;
  readonly condition: number;
  readonly byKeys: boolean;
  readonly draws: boolean;
  readonly returning: number;
  readonly columns: readonly number[];
  readonly uniques: readonly number[];
  readonly skipDuplicates: boolean;
  readonly isOne: boolean;
  readonly detached: 'ALL' | 'ONLY' | 'EXCEPT';
  /** The kinds of the statements that `together` puts before this one. */
  readonly before: readonly number[];
  /** A value of the statement. It does not affect the text. */
  readonly value: number;
}

const number = fc.nat(60);
const numbers = fc.array(number, { maxLength: 3 });
export const members: { readonly [K in keyof Draw]: fc.Arbitrary<Draw[K]> } = {
  kind: number,
  table: number,
  relation: number,
  condition: number,
  byKeys: fc.boolean(),
  draws: fc.boolean(),
  returning: number,
  columns: numbers,
  uniques: numbers,
  skipDuplicates: fc.boolean(),
  isOne: fc.boolean(),
  detached: fc.constantFrom('ALL', 'ONLY', 'EXCEPT'),
  before: numbers,
  value: number,
};
export const draws: fc.Arbitrary<Draw> = fc.record(members);

export function pick<T>(list: readonly T[], choice: number): T {
  const item = list[choice % list.length];
  if (item === undefined) throw new Error('The list is empty.');
  return item;
}

export const location = new InputLocation('data');

export function rowOf(table: WritableTable, { draws: isDrawn, value }: Draw): NewRow {
  const row = new NewRow(table, location);
  for (const column of table.columns) {
    const isKey = table.key.includes(column);
    const draw = isKey && isDrawn && column.generate === 'SEQUENCE';
    row.cells.push(draw ? new DrawnNumber(1) : isKey ? String(value) : null);
  }
  return row;
}

export function rowsOf(table: WritableTable, draw: Draw): readonly NewRow[] {
  const row = rowOf(table, draw);
  // For several rows, the text does not depend on the number of rows.
  return draw.isOne ? [row] : Array.from({ length: 2 + (draw.value % 3) }, () => row);
}

export const keyOf = ({ identity }: WritableTable, value: number) =>
  identity.map(() => String(value));

export function existing(table: WritableTable, value: number): UpdatedRow {
  const row = new UpdatedRow(table);
  row.set(keyOf(table, value));
  return row;
}

export function targetOf(draw: Draw): ChangeTarget {
  const table = pick(tables, draw.table);
  const filter: RowFilter = draw.byKeys
    ? { kind: 'KEYS', keys: [keyOf(table, draw.value)] }
    : { kind: 'CONDITION', condition: pick(conditions, draw.condition) };
  const returning = pick(returnings, draw.returning);
  return { table, filter, returning };
}

export function assignmentsOf(draw: Draw) {
  const { columns } = pick(tables, draw.table);
  return [...new Set(draw.columns)].map((choice) => ({
    column: pick(columns, choice),
    value: null,
  }));
}

export function targetTable({ link }: WritableRelation): WritableTable {
  const index = indexes.find(({ model }) => model.types.includes(link.target));
  if (index === undefined) throw new Error('No model has this type.');
  return writableTable(index, link.target);
}

export function updateOf(draw: Draw) {
  const table = pick(tables, draw.table);
  const columns = assignmentsOf(draw).map(({ column }) => column);
  return { table, columns, update: pick(updates, draw.returning) };
}

export type UpdateStructure = ReturnType<typeof updateOf>;

export function lockedOf({ table, update }: UpdateStructure, { value }: Draw): LockedRow {
  const holds = update.alternatives.flat().map(() => 'true');
  return { key: table.key.map(() => String(value)), holds };
}

export function pairsOf({ relation, condition }: Draw) {
  const chosen = pick(ofKind('MANY_TO_MANY'), relation);
  const own = tables.find((table) => table.relations.includes(chosen)) ?? targetTable(chosen);
  if (chosen.link.kind !== 'MANY_TO_MANY') throw new Error('The relation has no join table.');
  return {
    link: chosen.link,
    own,
    other: targetTable(chosen),
    pairable: pick(pairables, condition),
  };
}
