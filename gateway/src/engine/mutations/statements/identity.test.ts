import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../../test/engine/project.ts';
import { indexModel } from '../../api/model-index.ts';
import { param, renderTemplate, sql } from '../../sql/sql.ts';
import { Draft } from '../draft.ts';
import { InputLocation } from '../input-location.ts';
import { DrawnNumber, NamedRow, NewRow, UpdatedRow } from '../row-ref.ts';
import { writableTable, type WritableRelation, type WritableTable } from '../writable-table.ts';
import {
  deleteCountedRows,
  deleteRows,
  lockInOrder,
  lockRows,
  updateCountedRows,
  updateRows,
  upsertRow,
  type ChangeTarget,
  type RowFilter,
} from './change.ts';
import { insertDraft, insertRows, returnNothing, together, type Returning } from './insert.ts';
import { lookupGroups, lookUpRows, readRows } from './lookup.ts';
import { attachRows, detachRows } from './attach.ts';
import { drawNumbers, lockForMove, moveSequence } from './sequence.ts';
import type { WriteStatement } from './statement.ts';

/**
 * The SQL text of statements is cached by key. If two different statements had the same key, the wrong one would run,
 * such as an update without its `where`. These tests compare random statements of every kind with statements that
 * differ in one property.
 */
const seed = randomInt(2 ** 31);
const options = { numRuns: 1_500, seed };

const schema = readFileSync(join(import.meta.dirname, '../cases/schema.graphql'), 'utf8');
const keys = readFileSync(
  join(import.meta.dirname, '../../../../test/examples/keys.graphql'),
  'utf8',
);
const indexes = [schema, keys].map((text) => indexModel(readModel(text)));
const tables = indexes.flatMap((index) =>
  index.model.types.map((type) => writableTable(index, type)),
);
const sequences = tables.flatMap(({ sequence }) => sequence ?? []);
const relations = tables.flatMap((table) => table.relations);
const ofKind = (...kinds: readonly WritableRelation['link']['kind'][]) =>
  relations.filter(({ link }) => kinds.includes(link.kind));
const uniques = tables.flatMap((table) =>
  [...table.uniques.values()].map((unique) => ({ table, unique })),
);

const [first, second] = [param(() => 'first'), param(() => 'second')];
/** The list includes equal SQL strings with different parameters, and equal SQL in separate objects. */
const conditions = [
  sql`t."id" = ${first}`,
  sql`t."id" = ${second}`,
  sql`t."id" = ${first}`,
  sql`t."id" = ${first} AND t."owner_id" = ${second}`,
  sql`true`,
];
const returnings: readonly Returning[] = [
  returnNothing,
  { list: () => sql`t."id"::text` },
  { list: () => sql`t."id"::text, ${first}` },
  { list: () => sql`t."id"::text, ${second}` },
];

/** The random choices that define a statement. Numbers are indexes into the lists above, modulo their lengths. */
interface Draw {
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
const members: { readonly [K in keyof Draw]: fc.Arbitrary<Draw[K]> } = {
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
const draws: fc.Arbitrary<Draw> = fc.record(members);

function pick<T>(list: readonly T[], choice: number): T {
  const item = list[choice % list.length];
  if (item === undefined) throw new Error('The list is empty.');
  return item;
}

const location = new InputLocation('data');

function rowOf(table: WritableTable, { draws: isDrawn, value }: Draw): NewRow {
  const row = new NewRow(table, location);
  for (const column of table.columns) {
    const isKey = table.key.includes(column);
    const draw = isKey && isDrawn && column.generate === 'SEQUENCE';
    row.cells.push(draw ? new DrawnNumber(1) : isKey ? String(value) : null);
  }
  return row;
}

function rowsOf(table: WritableTable, draw: Draw): readonly NewRow[] {
  const row = rowOf(table, draw);
  // For several rows, the text does not depend on the number of rows.
  return draw.isOne ? [row] : Array.from({ length: 2 + (draw.value % 3) }, () => row);
}

const keyOf = ({ identity }: WritableTable, value: number) => identity.map(() => String(value));

function existing(table: WritableTable, value: number): UpdatedRow {
  const row = new UpdatedRow(table);
  row.set(keyOf(table, value));
  return row;
}

function targetOf(draw: Draw): ChangeTarget {
  const table = pick(tables, draw.table);
  const filter: RowFilter = draw.byKeys
    ? { kind: 'KEYS', keys: [keyOf(table, draw.value)] }
    : { kind: 'CONDITION', condition: pick(conditions, draw.condition) };
  const returning = pick(returnings, draw.returning);
  return { table, filter, returning };
}

function assignmentsOf(draw: Draw) {
  const { columns } = pick(tables, draw.table);
  return [...new Set(draw.columns)].map((choice) => ({
    column: pick(columns, choice),
    value: null,
  }));
}

function targetTable({ link }: WritableRelation): WritableTable {
  const index = indexes.find(({ model }) => model.types.includes(link.target));
  if (index === undefined) throw new Error('No model has this type.');
  return writableTable(index, link.target);
}

const kinds: readonly ((draw: Draw) => WriteStatement)[] = [
  (draw) => {
    const table = pick(tables, draw.table);
    const { skipDuplicates } = draw;
    const returning = pick(returnings, draw.returning);
    return insertRows(table, rowsOf(table, draw), { returning, skipDuplicates });
  },
  ({ relation, value }) => {
    const chosen = pick(ofKind('MANY_TO_MANY'), relation);
    const draft = new Draft();
    const owner = tables.find((table) => table.relations.includes(chosen)) ?? targetTable(chosen);
    draft.addPair(chosen, {
      own: existing(owner, value),
      other: existing(targetTable(chosen), value),
    });
    const [statement] = insertDraft(draft);
    if (statement === undefined) throw new Error('The draft is empty.');
    return statement;
  },
  (draw) => updateRows(targetOf(draw), assignmentsOf(draw)),
  (draw) => updateCountedRows(targetOf(draw), assignmentsOf(draw), draw.value),
  (draw) => deleteRows(targetOf(draw)),
  (draw) => deleteCountedRows(targetOf(draw), draw.value),
  (draw) => lockRows(targetOf(draw), draw.value),
  (draw) =>
    lockInOrder({
      table: pick(tables, draw.table),
      conditions: [draw.condition, ...draw.columns].map((choice) => pick(conditions, choice)),
      forDelete: draw.isOne,
    }),
  (draw) => {
    const target = targetOf(draw);
    const row = rowOf(target.table, draw);
    return upsertRow(target, { assignments: assignmentsOf(draw), row });
  },
  (draw) => {
    const lookups = [draw.table, ...draw.uniques].map((choice) => {
      const { table, unique } = pick(uniques, choice);
      const values = unique.columns.map(() => draw.value);
      return new NamedRow({ table, unique, values }, location, false);
    });
    return lookUpRows(lookupGroups(lookups));
  },
  (draw) =>
    readRows(
      pick(tables, draw.table),
      [keyOf(pick(tables, draw.table), draw.value)],
      pick(returnings, draw.returning),
    ),
  ({ relation, value }) => {
    const chosen = pick(ofKind('INVERSE_SIDE'), relation);
    const table = targetTable(chosen);
    const { link } = chosen;
    const parent = link.kind === 'INVERSE_SIDE' ? link.columns.map(() => value) : [];
    return attachRows(chosen, table, [keyOf(table, value)], [parent]);
  },
  ({ relation, detached, value }) => {
    const chosen = pick(ofKind('INVERSE_SIDE', 'MANY_TO_MANY'), relation);
    const table = targetTable(chosen);
    const own = chosen.link.kind === 'MANY_TO_MANY' ? chosen.link.toRow : chosen.link.columns;
    return detachRows(chosen, table, [own.map(() => value)], {
      kind: detached,
      keys: [keyOf(table, value)],
    });
  },
  ({ relation, value }) => {
    const sequence = pick(sequences, relation);
    return drawNumbers([{ sequence, count: value }]);
  },
  (draw) => lockForMove(pick(tables, draw.table)),
  ({ relation, value }) => moveSequence(pick(sequences, relation), BigInt(value)),
];

function statementOf(draw: Draw): WriteStatement {
  const before = draw.before.map((kind) => pick(kinds, kind)({ ...draw, kind }));
  return together(before, pick(kinds, draw.kind)(draw));
}

/** The SQL text with all parameters and slots, for comparison. */
function rendered({ form, values }: WriteStatement): string {
  let slots = 0;
  const template = renderTemplate(
    form.build(() => {
      slots += 1;
      return param(`slot ${slots}`);
    }),
  );
  expect(slots).toBe(values.length);
  const parameters = template.values.map((value) =>
    typeof value === 'function' ? value.toString() : value,
  );
  return JSON.stringify([template.chunks, parameters]);
}

describe(`random statements (seed ${seed})`, () => {
  it('have different keys if their SQL differs', () => {
    const changes = fc.constantFrom(...Object.keys(members));
    let sharedKeys = 0;
    const property = fc.property(draws, draws, changes, (draw, other, member) => {
      const one = statementOf(draw);
      // Replace one property of the draw with the same property of another draw.
      const changed = { ...draw, [member]: other[member as keyof Draw] };
      const two = statementOf(changed);
      if (one.form.key !== two.form.key) return;
      sharedKeys += 1;
      expect(rendered(two)).toBe(rendered(one));
    });
    fc.assert(property, options);
    expect(sharedKeys).toBeGreaterThan(options.numRuns / 10);
  });

  it('have the same key if only their values differ', () => {
    const property = fc.property(draws, number, (draw, value) => {
      expect(statementOf({ ...draw, value }).form.key).toBe(statementOf(draw).form.key);
    });
    fc.assert(property, options);
  });

  it('cover every defined statement', () => {
    const defined = readdirSync(import.meta.dirname)
      .filter((name) => !name.startsWith('statement') && !name.endsWith('.test.ts'))
      .flatMap(
        (name) =>
          readFileSync(join(import.meta.dirname, name), 'utf8').match(/= defineStatement\(/g) ?? [],
      );
    const builders = new Set<string>();
    const property = fc.property(draws, (draw) => {
      builders.add(statementOf(draw).form.key.split(',', 1).join());
    });
    fc.assert(property, options);
    expect(builders.size).toBe(defined.length);
  });
});
