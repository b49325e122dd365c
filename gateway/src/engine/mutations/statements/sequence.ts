import { join, projectSequence, projectTable, sql } from '../../sql/sql.ts';
import type { Sequence, WritableTable } from '../writable-table.ts';
import { defineStatement, type WriteStatement } from './statement.ts';

interface SequenceStructure {
  readonly name: string;
}

/** Draws numbers from several sequences. For each number, it returns the index of the sequence and the number. */
export function drawNumbers(
  draws: readonly { readonly sequence: Sequence; readonly count: number }[],
): WriteStatement {
  return draw(
    { names: draws.map(({ sequence }) => sequence.name) },
    draws.flatMap(({ count }, index) => [String(index), count]),
  );
}

const draw = defineStatement(({ names }: { readonly names: readonly string[] }, slot) => {
  const all = names.map(
    (name) =>
      sql`SELECT ${slot()}::text, nextval(${projectSequence(name)})::text FROM generate_series(1, ${slot()}::int)`,
  );
  return join(all, sql` UNION ALL `);
});

/**
 * Makes other transactions wait that are about to move the table's sequence, until the transaction ends. Other reads and
 * writes do not wait. Project roles cannot use advisory locks.
 */
export function lockForMove(table: WritableTable): WriteStatement {
  return lock({ table }, []);
}

const lock = defineStatement(
  ({ table }: { readonly table: WritableTable }) =>
    sql`LOCK TABLE ${table.sqlName} IN SHARE UPDATE EXCLUSIVE MODE`,
);

/**
 * Moves a sequence past a number, unless it is already past it. Numbers that other transactions draw at the same moment
 * could only be drawn again if they are larger than this number: the next rows would then fail with a unique violation.
 */
export function moveSequence({ name }: Sequence, number: bigint): WriteStatement {
  return move({ name }, [String(number)]);
}

const move = defineStatement(({ name }: SequenceStructure, slot) => {
  const number = slot();
  return sql`SELECT setval(${projectSequence(name)}, ${number}::bigint) FROM ${projectTable(name)} AS s WHERE ${number}::bigint > s.last_value OR (${number}::bigint = s.last_value AND NOT s.is_called)`;
});
