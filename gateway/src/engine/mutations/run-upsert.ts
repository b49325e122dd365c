import { returningOf } from './answer.ts';
import { fieldWhere, idsWhere, lockPart, upsertPart } from './parts/change.ts';
import { rowValues } from './parts/insert.ts';
import { isPlain, type UpsertPlan } from './plan-write.ts';
import { isUniqueViolation } from './violations.ts';
import { runCreate } from './run-create.ts';
import { runUpdateOne } from './run-update.ts';
import { UpsertRace } from './upsert-race.ts';
import { whereOf, type WriteSession } from './write-session.ts';
import { answerWritten, onlyRow } from './written-rows.ts';

/**
 * Changes the row if it is there, and makes it if not.
 *
 * @throws UpsertRace where a row with one of the new row's keys came to be meanwhile, or was there all along
 */
export async function runUpsert(session: WriteSession, plan: UpsertPlan): Promise<string> {
  const isOneStep = isPlain(plan.create) && isPlain(plan.update);
  if (isOneStep) return orRace(session, () => upsertPlain(session, plan));
  const { shape } = plan;
  const where = fieldWhere(whereOf(session.field));
  const [found] = await session.run(lockPart({ shape, where }, 1));
  const id = found?.[0] ?? null;
  return id === null
    ? orRace(session, () => runCreate(session, plan.create))
    : runUpdateOne(session, plan.update, idsWhere(shape, [id]));
}

async function upsertPlain(session: WriteSession, plan: UpsertPlan): Promise<string> {
  const { shape, answer, create, update } = plan;
  const [row] = create.rows;
  if (row === undefined) throw new Error('An upsert has a row to make.');
  const key = answer.ownColumnsOnly ? 'ROW' : 'ID';
  const returning = returningOf(key, shape, answer);
  const target = { shape, where: fieldWhere(whereOf(session.field)), returning };
  const change = { sets: update.draft.sets, values: rowValues(shape, row, session.idOf) };
  const rows = await session.run(upsertPart(target, change, session.idOf));
  if (key === 'ROW') return onlyRow(rows);
  return answerWritten(session, plan, { ids: [onlyRow(rows)], rows: null });
}

async function orRace(session: WriteSession, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    const { api, field } = session;
    throw isUniqueViolation(error, api, field.type.name) ? new UpsertRace(error) : error;
  }
}
