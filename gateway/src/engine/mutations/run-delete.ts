import { batchJson, returningOf } from './answer.ts';
import { deleteManyPart, deletePart, fieldWhere } from './parts/change.ts';
import type { DeletePlan } from './plan-write.ts';
import { readCounted } from './run-update.ts';
import { notFound, whereOf, type WriteSession } from './write-session.ts';
import { answerWritten, onlyRow } from './written-rows.ts';

/**
 * Deletes and answers what was there, relations and all, in one statement: PostgreSQL shows it the tables as they
 * were before.
 *
 * @throws OperationError `NOT_FOUND` for one row, `TOO_MANY_ROWS` for many
 */
export async function runDelete(
  session: WriteSession,
  { shape, answer, atMost }: DeletePlan,
): Promise<string> {
  const where = fieldWhere(whereOf(session.field));
  if (atMost === null || answer.batch === null) {
    const returning = returningOf('ROW', shape, answer);
    const rows = await session.run(deletePart({ shape, where, returning }));
    if (rows.length === 0) throw notFound(session);
    return onlyRow(rows);
  }
  const key = answer.rows.length === 0 ? '' : 'ID_AND_ROW';
  const target = { shape, where, returning: returningOf(key, shape, answer) };
  const deleted = readCounted(session, await session.run(deleteManyPart(target, atMost)), atMost);
  if (key === '') return batchJson(answer.batch, deleted.matched, []);
  return answerWritten(session, { shape, answer }, deleted);
}
