import { numberText } from '../sdl/scalar-values.ts';
import { columnText } from '../sql/statement-runner.ts';
import { DrawnNumber, type NewRow } from './row-ref.ts';
import { drawNumbers, lockForMove, moveSequence } from './statements/sequence.ts';
import type { WritableTable } from './writable-table.ts';
import type { WriteSession } from './write-session.ts';

/** The new rows of a table whose key comes from a sequence. */
interface SequenceUse {
  readonly drawn: DrawnNumber[];
  /** The largest number that the input contains. */
  brought: bigint | null;
}

/**
 * Prepares the sequences for new rows before they are inserted: moves each sequence past the numbers that the input
 * contains, and reserves the numbers of all rows that the input leaves out, in one statement. A row gets its number
 * before the rows nested in it and before later rows. Reserved numbers are not returned to the sequence if the write
 * fails.
 */
export async function reserveNumbers(
  session: WriteSession,
  rows: readonly NewRow[],
): Promise<void> {
  const uses = usesOf(rows);
  if (uses.size === 0) return;
  const tables = [...uses].sort(([a], [b]) => (a.type.table < b.type.table ? -1 : 1));
  for (const [table, { brought }] of tables) {
    if (table.sequence === null || brought === null) continue;
    await session.run(lockForMove(table));
    await session.run(moveSequence(table.sequence, brought));
  }
  const draws = tables.filter(([, { drawn }]) => drawn.length > 0);
  if (draws.length === 0) return;
  const counts = draws.flatMap(([{ sequence }, { drawn }]) =>
    sequence === null ? [] : [{ sequence, count: drawn.length }],
  );
  const queues = draws.map(([, { drawn }]) => drawn.toSorted((a, b) => a.order - b.order));
  for (const row of await session.run(drawNumbers(counts))) {
    const next = queues[Number(columnText(row, 0))]?.shift();
    if (next !== undefined) next.number = columnText(row, 1);
  }
}

function usesOf(rows: readonly NewRow[]): ReadonlyMap<WritableTable, SequenceUse> {
  const uses = new Map<WritableTable, SequenceUse>();
  for (const { table, cells } of rows) {
    if (table.sequence === null) continue;
    const use = uses.get(table) ?? { drawn: [], brought: null };
    uses.set(table, use);
    const cell = cells[table.position(table.sequence.column.column)];
    if (cell instanceof DrawnNumber) {
      use.drawn.push(cell);
      continue;
    }
    const number = BigInt(numberText('BigInt', String(cell)) ?? 0);
    if (use.brought === null || number > use.brought) use.brought = number;
  }
  return uses;
}
