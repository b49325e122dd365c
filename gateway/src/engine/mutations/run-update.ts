import { batchJson, returningOf } from './answer.ts';
import { isEmpty } from './draft.ts';
import { fieldWhere, idsWhere, lockPart, updateManyPart, updatePart } from './parts/change.ts';
import { draftParts } from './parts/draft-parts.ts';
import { togetherPart, type Returning } from './parts/insert.ts';
import { isPlain, relinks, returnsItself, type UpdatePlan } from './plan-write.ts';
import type { Part } from './template.ts';
import { attachAll, relink } from './relinking.ts';
import { notFound, tooManyRows, whereOf, type WriteSession } from './write-session.ts';
import { answerWritten, onlyRow, type WrittenRows } from './written-rows.ts';

/** Changes the one row that the field names. @throws OperationError `NOT_FOUND` */
export async function runUpdateOne(
  session: WriteSession,
  plan: UpdatePlan,
  where: Part = fieldWhere(whereOf(session.field)),
): Promise<string> {
  await session.lookUp(plan.reading);
  const { shape, draft, answer } = plan;
  const returnsRows = returnsItself(plan);
  const key = !returnsRows ? 'ID' : isPlain(plan) ? 'ROW' : 'ID_AND_ROW';
  const target = { shape, where, returning: returningOf(key, shape, answer) };
  const change = updatePart(target, draft.sets, session.idOf);
  const rows = await session.run(togetherPart(draftParts(draft.before, session.idOf), change));
  if (rows.length === 0) throw notFound(session);
  if (key === 'ROW') return onlyRow(rows);
  const ids = idsOf(rows);
  await attachAll(session, draft.before);
  if (relinks(draft)) await relink(session, plan, ids);
  return answerWritten(session, plan, { ids, rows: returnsRows ? rows : null });
}

/** Changes every row that matches, or nothing where these are too many. @throws OperationError `TOO_MANY_ROWS` */
export async function runUpdateMany(
  session: WriteSession,
  plan: UpdatePlan,
  atMost: number,
): Promise<string> {
  await session.lookUp(plan.reading);
  const { answer, draft } = plan;
  if (answer.batch !== null && isPlain(plan) && answer.rows.length === 0) {
    const count = await changeMany(session, plan, atMost, '');
    return batchJson(answer.batch, count.matched, []);
  }
  const returnsRows = returnsItself(plan) && answer.rows.length > 0;
  const written = isEmpty(draft.before)
    ? await changeMany(session, plan, atMost, returnsRows ? 'ID_AND_ROW' : 'ID')
    : await changeLocked(session, plan, atMost, returnsRows ? 'ID_AND_ROW' : 'ID');
  if (relinks(draft)) await relink(session, plan, written.ids);
  return answerWritten(session, plan, returnsRows ? written : { ids: written.ids, rows: null });
}

async function changeMany(
  session: WriteSession,
  { shape, draft, answer }: UpdatePlan,
  atMost: number,
  key: Returning['key'],
): Promise<WrittenRows & { readonly matched: number }> {
  const returning = returningOf(key, shape, answer);
  const target = { shape, where: fieldWhere(whereOf(session.field)), returning };
  const counted = await session.run(updateManyPart(target, draft.sets, atMost, session.idOf));
  return readCounted(session, counted, atMost);
}

/** New rows that the changed ones will point to are made only if there are rows to change. */
async function changeLocked(
  session: WriteSession,
  { shape, draft, answer }: UpdatePlan,
  atMost: number,
  key: Returning['key'],
): Promise<WrittenRows> {
  const where = fieldWhere(whereOf(session.field));
  const ids = idsOf(await session.run(lockPart({ shape, where }, atMost)));
  if (ids.length > atMost) throw tooManyRows(session, atMost);
  if (ids.length === 0) return { ids, rows: [] };
  const returning = returningOf(key, shape, answer);
  const target = { shape, where: idsWhere(shape, ids), returning };
  const change = updatePart(target, draft.sets, session.idOf);
  const rows = await session.run(togetherPart(draftParts(draft.before, session.idOf), change));
  await attachAll(session, draft.before);
  return { ids: idsOf(rows), rows };
}

/**
 * Takes apart what `updateManyPart` and `deleteManyPart` return.
 *
 * @throws OperationError `TOO_MANY_ROWS`
 */
export function readCounted(
  session: WriteSession,
  counted: readonly (readonly (string | null)[])[],
  atMost: number,
): WrittenRows & { readonly matched: number } {
  const matched = Number(counted[0]?.[0] ?? 0);
  if (matched > atMost) throw tooManyRows(session, atMost);
  const rows = counted.flatMap(([, id, ...answers]) => (id == null ? [] : [[id, ...answers]]));
  return { matched, ids: idsOf(rows), rows };
}

/** In order; ids are texts in small letters, whose order is that of the ids. */
function idsOf(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  return rows.map(([id]) => id ?? '').sort();
}
