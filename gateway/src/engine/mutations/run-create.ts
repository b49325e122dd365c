import { returningOf } from './answer.ts';
import { draftParts } from './parts/draft-parts.ts';
import { insertPart, togetherPart, type Returning } from './parts/insert.ts';
import { returnsItself, type CreatePlan } from './plan-write.ts';
import { attachAll } from './relinking.ts';
import type { WriteSession } from './write-session.ts';
import { answerWritten, onlyRow } from './written-rows.ts';

/** New rows, all of them in one statement; and rows that are there already come to stand under them. */
export async function runCreate(session: WriteSession, plan: CreatePlan): Promise<string> {
  await session.lookUp(plan.reading);
  const { shape, draft, skipDuplicates, answer } = plan;
  const returnsRows = returnsItself(plan);
  const returning = returningKey(plan, returnsRows);
  if (plan.rows.length === 0) return answerWritten(session, plan, { ids: [], rows: null });
  const main = insertPart(shape, plan.rows, {
    idOf: session.idOf,
    returning: returningOf(returning, shape, answer),
    skipDuplicates,
  });
  const rows = await session.run(togetherPart(draftParts(draft, session.idOf), main));
  await attachAll(session, draft);
  if (returning === 'ROW') return onlyRow(rows);
  const inserted = skipDuplicates ? new Set(rows.map(([id]) => id)) : null;
  // Of several with one id, the first was inserted.
  const ids = plan.rows.flatMap(({ id }) => ((inserted?.delete(id) ?? true) ? [id] : []));
  return answerWritten(session, plan, { ids, rows: returnsRows ? rows : null });
}

function returningKey(
  { answer, skipDuplicates }: CreatePlan,
  returnsRows: boolean,
): Returning['key'] {
  if (answer.batch === null) return returnsRows ? 'ROW' : '';
  if (returnsRows && answer.rows.length > 0) return 'ID_AND_ROW';
  return skipDuplicates ? 'ID' : '';
}
