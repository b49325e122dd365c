import type { ByteList } from '../../platform/bytes.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { operationErrors, type OperationError } from '../errors.ts';
import type { Rows } from '../sql/statement-runner.ts';
import { batchJson, onlyRow, type ReturnedColumns } from './answer.ts';
import {
  canReturnAnswer,
  changesRelatedRows,
  usesSequences,
  writesOwnCellsOnly,
  type CreatePlan,
  type DeletePlan,
  type UpdatePlan,
  type UpsertPlan,
  type WritePlan,
} from './plan-write.ts';
import { attachAll, createdBy, releasePartners, relink } from './relink.ts';
import {
  deleteCountedRows,
  deleteRows,
  lockRows,
  updateCountedRows,
  updateRows,
  upsertRow,
  type RowFilter,
} from './statements/change.ts';
import { drawsKey, insertDraft, insertRows, together } from './statements/insert.ts';
import { readRows } from './statements/lookup.ts';
import { reserveNumbers } from './reserve-numbers.ts';
import { CellOf, NamedRow, type RowKey, type RowRef } from './row-ref.ts';
import { isUniqueViolation } from './violations.ts';
import {
  allInOrder,
  identityOf,
  insertedKeys,
  keyOf,
  readCounted,
  sortedKeys,
  type CountedRows,
  type WrittenRows,
} from './written-rows.ts';
import type { WriteSession } from './write-session.ts';

/**
 * Runs the statements of one root field.
 *
 * @returns the field's result as JSON
 * @throws OperationError with the code `NOT_FOUND`, `TOO_MANY_ROWS` or `BAD_USER_INPUT`
 * @throws UpsertRace if the new row of an upsert violates a unique key
 * @throws any error of the runner
 */
export function runWrite(session: WriteSession, plan: WritePlan): Promise<ByteList> {
  switch (plan.kind) {
    case 'CREATE':
      return runCreate(session, plan);
    case 'UPDATE':
      return plan.atMost === null
        ? runUpdateOne(session, plan, session.filter)
        : runUpdateMany(session, plan, plan.atMost);
    case 'UPSERT':
      return runUpsert(session, plan);
    case 'DELETE':
      return plan.atMost === null
        ? runDeleteOne(session, plan)
        : runDeleteMany(session, plan, plan.atMost);
    default:
      return assertNever(plan);
  }
}

/** Inserts all new rows in one statement, then attaches existing rows to them. */
async function runCreate(session: WriteSession, plan: CreatePlan): Promise<ByteList> {
  await session.lookUp(plan.input, createdBy(plan));
  await releasePartners(session, plan.input);
  const { table, draft, skipDuplicates, answer } = plan;
  if (plan.rows.length === 0) return answerWritten(session, plan, { keys: [], rows: null });
  if (usesSequences(plan)) {
    await reserveNumbers(session, [...plan.rows, ...[...draft.rows.values()].flat()]);
  }
  const returnsAnswer = canReturnAnswer(plan);
  const returned = returnedByInsert(session, plan, returnsAnswer);
  const main = insertRows(table, plan.rows, {
    returning: answer.returning[returned],
    skipDuplicates,
  });
  const rows = await session.run(together(insertDraft(draft), main));
  if (draft.attachments.size > 0) await attachAll(session, draft);
  if (returned === session.row) return onlyRow(rows);
  const keys = returned === 'NOTHING' ? plan.rows.map(identityOf) : insertedKeys(plan, rows);
  return answerWritten(session, plan, { keys, rows: returnsAnswer ? rows : null });
}

function returnedByInsert(
  { row }: WriteSession,
  { answer, rows, skipDuplicates }: CreatePlan,
  returnsAnswer: boolean,
): ReturnedColumns {
  const isDrawn = rows.some(drawsKey);
  if (answer.batch === null) return returnsAnswer ? row : isDrawn ? 'KEY' : 'NOTHING';
  if (returnsAnswer && answer.rows.length > 0) return 'KEY_AND_ROW';
  return skipDuplicates || isDrawn ? 'KEY' : 'NOTHING';
}

/** Updates the row that the filter selects. */
async function runUpdateOne(
  session: WriteSession,
  plan: UpdatePlan,
  filter: RowFilter,
): Promise<ByteList> {
  await session.lookUp(plan.input, createdBy(plan));
  const { draft, answer, table } = plan;
  if (changesOthersFirst(plan)) {
    const keys = sortedKeys(table, await session.run(lockRows({ table, filter }, 1)));
    if (keys.length === 0) throw notFound(session);
    return answerWritten(session, plan, await updateLocked(session, plan, keys));
  }
  const returnsAnswer = canReturnAnswer(plan);
  const returned = !returnsAnswer ? 'KEY' : writesOwnCellsOnly(plan) ? session.row : 'KEY_AND_ROW';
  const rows = await updateFiltered(session, plan, filter, returned);
  if (rows.length === 0) throw notFound(session);
  if (returned === session.row) return onlyRow(rows);
  const keys = sortedKeys(table, rows);
  if (changesRelatedRows(draft)) await relink(session, plan, keys);
  return answerWritten(session, { table, answer }, { keys, rows: returnsAnswer ? rows : null });
}

function notFound({ field, path }: WriteSession): OperationError {
  return operationErrors.notFound(field.type.name, { path });
}

/** Inserts the new rows that the updated rows will refer to, then performs the update. */
async function updateFiltered(
  session: WriteSession,
  { table, draft: { before, assignments }, answer }: UpdatePlan,
  filter: RowFilter,
  returned: ReturnedColumns,
): Promise<Rows> {
  const target = { table, filter, returning: answer.returning[returned] };
  await reserveNumbers(session, [...before.rows.values()].flat());
  const update = updateRows(target, assignments);
  const rows = await session.run(together(insertDraft(before), update));
  if (rows.length > 0) await attachAll(session, before);
  return rows;
}

/** Updates all matching rows. If more than `atMost` rows match, it updates nothing and throws `TOO_MANY_ROWS`. */
async function runUpdateMany(
  session: WriteSession,
  plan: UpdatePlan,
  atMost: number,
): Promise<ByteList> {
  await session.lookUp(plan.input, createdBy(plan));
  const { answer, draft } = plan;
  if (answer.batch !== null && writesOwnCellsOnly(plan) && answer.rows.length === 0) {
    const { matched } = await updateCounted(session, plan, atMost, 'NOTHING');
    return batchJson(answer.batch, matched, []);
  }
  if (!draft.before.isEmpty || changesOthersFirst(plan)) {
    const { table } = plan;
    const locked = await session.run(lockRows({ table, filter: session.filter }, atMost));
    if (locked.length > atMost) throw operationErrors.tooManyRows(atMost, { path: session.path });
    return answerWritten(
      session,
      plan,
      await updateLocked(session, plan, sortedKeys(table, locked)),
    );
  }
  const returned = returnedByLocked(plan);
  const { keys, rows } = await updateCounted(session, plan, atMost, returned);
  if (changesRelatedRows(draft)) await relink(session, plan, keys);
  return answerWritten(session, plan, { keys, rows: returned === 'KEY' ? null : rows });
}

function returnedByLocked(plan: UpdatePlan): 'KEY_AND_ROW' | 'KEY' {
  return canReturnAnswer(plan) && plan.answer.rows.length > 0 ? 'KEY_AND_ROW' : 'KEY';
}

/**
 * Whether other rows must be changed before the update: a partner in a one-to-one relation is disconnected, or the
 * updated row refers to a row that is nested in one of its lists and created by the same input.
 */
function changesOthersFirst(plan: UpdatePlan): boolean {
  return plan.input.releases.length > 0 || refersToLaterRows(plan);
}

function refersToLaterRows({ input, draft: { assignments, before, after } }: UpdatePlan): boolean {
  if (input.lookups.length === 0 || after.rows.size === 0) return false;
  const later = new Set<RowRef>([...after.rows.values()].flat());
  const isLater = (cell: unknown) =>
    cell instanceof CellOf &&
    cell.row instanceof NamedRow &&
    cell.row.created !== null &&
    later.has(cell.row.created);
  return (
    assignments.some(({ value }) => isLater(value)) ||
    [...before.rows.values()].flat().some(({ cells }) => cells.some(isLater))
  );
}

/** Updates locked rows, after the changes to other rows that must precede the update. */
async function updateLocked(
  session: WriteSession,
  plan: UpdatePlan,
  keys: readonly RowKey[],
): Promise<WrittenRows> {
  // The new rows that the updated rows will refer to are inserted only if a row matches.
  if (keys.length === 0) return { keys, rows: [] };
  const { table } = plan;
  await releasePartners(session, plan.input);
  const returned = returnedByLocked(plan);
  const relinksFirst = refersToLaterRows(plan);
  if (relinksFirst) await relink(session, plan, keys);
  const rows = await updateFiltered(session, plan, { kind: 'KEYS', keys }, returned);
  // The update can change values that other rows refer to.
  const updated = sortedKeys(table, rows);
  if (!relinksFirst && changesRelatedRows(plan.draft)) await relink(session, plan, updated);
  return { keys: updated, rows: returned === 'KEY' ? null : rows };
}

async function updateCounted(
  session: WriteSession,
  { table, draft, answer }: UpdatePlan,
  atMost: number,
  returned: ReturnedColumns,
): Promise<CountedRows> {
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const update = updateCountedRows(target, draft.assignments, atMost);
  return readCounted(session, { table, counted: await session.run(update) }, atMost);
}

/** Another request inserted the row after the upsert looked for it. The next attempt will find the row. */
export class UpsertRace extends Error {
  override readonly name = 'UpsertRace';
  /** The unique violation. The client receives it if the last attempt also fails. */
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super('An upsert conflicted with a concurrent insert.');
    this.cause = cause;
  }
}

/**
 * Updates the row if it exists, and inserts it otherwise.
 *
 * @throws UpsertRace if the new row violates a unique key, either because another request inserted the row at the same
 * time or because a row that the filter does not match has the same key
 */
async function runUpsert(session: WriteSession, plan: UpsertPlan): Promise<ByteList> {
  const { table, create, update } = plan;
  // An update must not move the sequence past a number in `create`.
  const isSimple = writesOwnCellsOnly(create) && writesOwnCellsOnly(update);
  if (isSimple && !usesSequences(create)) {
    return orRace(session, () => upsertInOneStatement(session, plan));
  }
  const [found] = await session.run(lockRows({ table, filter: session.filter }, 1));
  return found === undefined
    ? orRace(session, () => runCreate(session, create))
    : runUpdateOne(session, update, { kind: 'KEYS', keys: [keyOf(table, found)] });
}

async function upsertInOneStatement(session: WriteSession, plan: UpsertPlan): Promise<ByteList> {
  const { table, answer, create, update } = plan;
  const [row] = create.rows;
  if (row === undefined) throw new Error('The upsert has no row to insert.');
  const returned = answer.ownColumnsOnly ? session.row : 'KEY';
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const rows = await session.run(upsertRow(target, { assignments: update.draft.assignments, row }));
  if (returned === session.row) return onlyRow(rows);
  return answerWritten(session, plan, { keys: sortedKeys(table, rows), rows: null });
}

export async function orRace(
  session: WriteSession,
  work: () => Promise<ByteList>,
): Promise<ByteList> {
  try {
    return await work();
  } catch (error) {
    const { api, field } = session;
    throw isUniqueViolation(error, api, field.type.name) ? new UpsertRace(error) : error;
  }
}

/**
 * Deletes a row and returns its previous values and relations. One statement is enough, because a statement sees the
 * tables as they were before it started.
 */
async function runDeleteOne(
  session: WriteSession,
  { table, answer }: DeletePlan,
): Promise<ByteList> {
  const target = { table, filter: session.filter, returning: answer.returning[session.row] };
  const rows = await session.run(deleteRows(target));
  if (rows.length === 0) throw notFound(session);
  return onlyRow(rows);
}

async function runDeleteMany(
  session: WriteSession,
  { table, answer }: DeletePlan,
  atMost: number,
): Promise<ByteList> {
  const returned = answer.rows.length === 0 ? 'NOTHING' : 'KEY_AND_ROW';
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const counted = await session.run(deleteCountedRows(target, atMost));
  const deleted = readCounted(session, { table, counted }, atMost);
  return answer.batch !== null && returned === 'NOTHING'
    ? batchJson(answer.batch, deleted.matched, [])
    : answerWritten(session, { table, answer }, deleted);
}

/** Returns the root field's result as JSON. */
async function answerWritten(
  session: WriteSession,
  { table, answer }: Pick<WritePlan, 'table' | 'answer'>,
  { keys, rows }: WrittenRows,
): Promise<ByteList> {
  const answers =
    answer.rows.length === 0 || keys.length === 0
      ? []
      : allInOrder(
          table,
          keys,
          rows ?? (await session.run(readRows(table, keys, answer.returning.ROW))),
        ).filter((row) => row.length > 0);
  return answer.batch === null ? onlyRow(answers) : batchJson(answer.batch, keys.length, answers);
}
