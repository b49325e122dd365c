import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assignmentsOf,
  conditions,
  creatableFields,
  draws,
  existing,
  keyOf,
  location,
  lockedOf,
  members,
  ofKind,
  pairsOf,
  pick,
  returnings,
  rowOf,
  rowsOf,
  sequences,
  tables,
  targetOf,
  targetTable,
  uniques,
  updateOf,
  updates,
  type Draw,
} from '../../../../test/engine/statement-draws.ts';
import { param, renderTemplate } from '../../sql/sql.ts';
import { Draft } from '../draft.ts';
import { NamedRow } from '../row-ref.ts';
import { readCaller } from '../ruled/prepare-input.ts';
import {
  clearPermitted,
  deletePermittedPairs,
  findRefusedLinks,
  findRefusedPairs,
  insertPermitted,
  lockPermitted,
  readPermitted,
  updateEachLocked,
  updateLocked,
} from '../ruled/statements.ts';
import {
  deleteCountedRows,
  deleteRows,
  lockInOrder,
  lockRows,
  updateCountedRows,
  updateRows,
  upsertRow,
} from './change.ts';
import { insertDraft, insertRows, together } from './insert.ts';
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
    const named = pick([null, ...conditions], draw.condition);
    return lookUpRows(lookupGroups(lookups, () => named));
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
  (draw) => {
    const table = pick(tables, draw.table);
    const { skipDuplicates } = draw;
    const rules = {
      creatable: pick(conditions, draw.condition),
      creatableFields: pick(creatableFields, draw.returning),
    };
    return insertPermitted({ table, ...rules, skipDuplicates }, [rowOf(table, draw)]);
  },
  (draw) => {
    const { table, filter } = targetOf(draw);
    return lockPermitted({ table, filter, update: pick(updates, draw.returning) }, draw.value);
  },
  (draw) => {
    const structure = updateOf(draw);
    const values = structure.columns.map(() => draw.value);
    return updateLocked(structure, [lockedOf(structure, draw)], values);
  },
  (draw) => {
    const structure = updateOf(draw);
    const values = structure.columns.map(() => draw.value);
    return updateEachLocked(structure, [lockedOf(structure, draw)], [values]);
  },
  (draw) => {
    const chosen = pick(ofKind('INVERSE_SIDE'), draw.relation);
    const linked = chosen.link.kind === 'INVERSE_SIDE' ? chosen.link.columns : [];
    const table = targetTable(chosen);
    const columns = pick(
      [table.columns.slice(0, 1), table.columns.slice(1, 2)],
      Number(draw.isOne),
    );
    const structure = { table, columns, linked, update: pick(updates, draw.returning) };
    return clearPermitted(structure, [linked.map(() => draw.value)], {
      kind: draw.detached,
      keys: [keyOf(table, draw.value)],
    });
  },
  (draw) => {
    const table = pick(tables, draw.table);
    const readable = pick(conditions, draw.condition);
    const returning = pick(returnings, draw.returning);
    return readPermitted({ table, readable, returning }, [keyOf(table, draw.value)]);
  },
  (draw) => {
    const { table, unique } = pick(uniques, draw.table);
    const { columns } = unique;
    const linkable = pick(conditions, draw.condition);
    return findRefusedLinks({ table, columns, linkable }, [columns.map(() => draw.value)]);
  },
  (draw) => {
    const pairs = pairsOf(draw);
    const { toRow, toTarget } = pairs.link;
    return findRefusedPairs(pairs, [[...toRow, ...toTarget].map(() => draw.value)]);
  },
  (draw) => {
    const pairs = { ...pairsOf(draw), readable: pick(conditions, draw.returning) };
    const keys = [keyOf(pairs.other, draw.value)];
    const parents = [pairs.link.toRow.map(() => draw.value)];
    return deletePermittedPairs({ ...pairs, kind: draw.detached }, parents, keys);
  },
  (draw) => readCaller({ values: draw.columns.map((choice) => pick(conditions, choice)) }, []),
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
    const property = fc.property(draws, fc.nat(60), (draw, value) => {
      expect(statementOf({ ...draw, value }).form.key).toBe(statementOf(draw).form.key);
    });
    fc.assert(property, options);
  });

  it('cover every defined statement', () => {
    const defined = ['.', '../ruled'].flatMap((folder) =>
      definedIn(join(import.meta.dirname, folder)),
    );
    const builders = new Set<string>();
    const property = fc.property(draws, (draw) => {
      builders.add(statementOf(draw).form.key.split(',', 1).join());
    });
    // Some statements are rare.
    fc.assert(property, { ...options, numRuns: 4 * options.numRuns });
    expect(builders.size).toBe(defined.length);
  });
});

function definedIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('statement.') && !name.endsWith('.test.ts'))
    .flatMap(
      (name) => readFileSync(join(directory, name), 'utf8').match(/= defineStatement\(/g) ?? [],
    );
}
