import type { ByteList } from '../../platform/bytes.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { operationErrors, type OperationError } from '../errors.ts';
import { columnText, type Row, type Rows } from '../sql/statement-runner.ts';
import { batchJson, onlyRow, type ReturnedColumns } from './answer.ts';
import {
  canReturnAnswer,
  changesRelatedRows,
  writesOwnCellsOnly,
  type CreatePlan,
  type DeletePlan,
  type UpdatePlan,
  type UpsertPlan,
  type WritePlan,
} from './plan-write.ts';
import { PendingId } from './draft.ts';
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
import { insertDraft, insertRows, rowValues, together } from './statements/insert.ts';
import { readRows } from './statements/lookup.ts';
import { isUniqueViolation } from './violations.ts';
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
  await session.lookUp(plan.input, createdBy(session, plan));
  await releasePartners(session, plan.input);
  const { table, draft, skipDuplicates, answer } = plan;
  if (plan.rows.length === 0) return answerWritten(session, plan, { ids: [], rows: null });
  const returnsAnswer = canReturnAnswer(plan);
  const returned = returnedByInsert(session, plan, returnsAnswer);
  const main = insertRows(table, plan.rows, {
    idOf: session.idOf,
    returning: answer.returning[returned],
    skipDuplicates,
  });
  const rows = await session.run(together(insertDraft(draft, session.idOf), main));
  if (draft.attachments.size > 0) await attachAll(session, draft);
  if (returned === session.row) return onlyRow(rows);
  const inserted = skipDuplicates ? new Set(rows.map(idOf)) : null;
  // The entry is deleted because only the first of several rows with the same id was inserted.
  const ids = plan.rows.flatMap(({ id }) => ((inserted?.delete(id) ?? true) ? [id] : []));
  return answerWritten(session, plan, { ids, rows: returnsAnswer ? rows : null });
}

function returnedByInsert(
  { row }: WriteSession,
  { answer, skipDuplicates }: CreatePlan,
  returnsAnswer: boolean,
): ReturnedColumns {
  if (answer.batch === null) return returnsAnswer ? row : 'NOTHING';
  if (returnsAnswer && answer.rows.length > 0) return 'ID_AND_ROW';
  return skipDuplicates ? 'ID' : 'NOTHING';
}

/** Updates the row that the filter selects. */
async function runUpdateOne(
  session: WriteSession,
  plan: UpdatePlan,
  filter: RowFilter,
): Promise<ByteList> {
  await session.lookUp(plan.input, createdBy(session, plan));
  const { draft, answer, table } = plan;
  if (changesOthersFirst(session, plan)) {
    const ids = sortedIds(await session.run(lockRows({ table, filter }, 1)));
    if (ids.length === 0) throw notFound(session);
    return answerWritten(session, plan, await updateLocked(session, plan, ids));
  }
  const returnsAnswer = canReturnAnswer(plan);
  const returned = !returnsAnswer ? 'ID' : writesOwnCellsOnly(plan) ? session.row : 'ID_AND_ROW';
  const rows = await updateFiltered(session, plan, filter, returned);
  if (rows.length === 0) throw notFound(session);
  if (returned === session.row) return onlyRow(rows);
  const ids = sortedIds(rows);
  if (changesRelatedRows(draft)) await relink(session, plan, ids);
  return answerWritten(session, { table, answer }, { ids, rows: returnsAnswer ? rows : null });
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
  const update = updateRows(target, assignments, session.idOf);
  const rows = await session.run(together(insertDraft(before, session.idOf), update));
  if (rows.length > 0) await attachAll(session, before);
  return rows;
}

/** Updates all matching rows. If more than `atMost` rows match, it updates nothing and throws `TOO_MANY_ROWS`. */
async function runUpdateMany(
  session: WriteSession,
  plan: UpdatePlan,
  atMost: number,
): Promise<ByteList> {
  await session.lookUp(plan.input, createdBy(session, plan));
  const { answer, draft } = plan;
  if (answer.batch !== null && writesOwnCellsOnly(plan) && answer.rows.length === 0) {
    const { matched } = await updateCounted(session, plan, atMost, 'NOTHING');
    return batchJson(answer.batch, matched, []);
  }
  if (!draft.before.isEmpty || changesOthersFirst(session, plan)) {
    const { table } = plan;
    const locked = await session.run(lockRows({ table, filter: session.filter }, atMost));
    if (locked.length > atMost) throw operationErrors.tooManyRows(atMost, { path: session.path });
    return answerWritten(session, plan, await updateLocked(session, plan, sortedIds(locked)));
  }
  const returned = returnedByLocked(plan);
  const { ids, rows } = await updateCounted(session, plan, atMost, returned);
  if (changesRelatedRows(draft)) await relink(session, plan, ids);
  return answerWritten(session, plan, { ids, rows: returned === 'ID' ? null : rows });
}

function returnedByLocked(plan: UpdatePlan): 'ID_AND_ROW' | 'ID' {
  return canReturnAnswer(plan) && plan.answer.rows.length > 0 ? 'ID_AND_ROW' : 'ID';
}

/**
 * Whether other rows must be changed before the update: a partner in a one-to-one relation is disconnected, or the
 * updated row refers to a row that is nested in one of its lists and created by the same input.
 */
function changesOthersFirst(session: WriteSession, plan: UpdatePlan): boolean {
  return plan.input.releases.length > 0 || refersToLaterRows(session, plan);
}

function refersToLaterRows(
  { idIfFound }: WriteSession,
  { input, draft: { assignments, before, after } }: UpdatePlan,
): boolean {
  if (input.lookups.length === 0 || after.rows.size === 0) return false;
  const later = new Set([...after.rows.values()].flat().map(({ id }) => id));
  const isLater = (cell: unknown) => cell instanceof PendingId && later.has(idIfFound(cell) ?? '');
  return (
    assignments.some(({ value }) => isLater(value)) ||
    [...before.rows.values()].flat().some(({ cells }) => cells.some(isLater))
  );
}

/** Updates locked rows, after the changes to other rows that must precede the update. */
async function updateLocked(
  session: WriteSession,
  plan: UpdatePlan,
  ids: readonly string[],
): Promise<WrittenRows> {
  // The new rows that the updated rows will refer to are inserted only if a row matches.
  if (ids.length === 0) return { ids, rows: [] };
  await releasePartners(session, plan.input);
  const returned = returnedByLocked(plan);
  const relinksFirst = refersToLaterRows(session, plan);
  if (relinksFirst) await relink(session, plan, ids);
  const rows = await updateFiltered(session, plan, { kind: 'IDS', ids }, returned);
  if (!relinksFirst && changesRelatedRows(plan.draft)) await relink(session, plan, ids);
  return { ids, rows: returned === 'ID' ? null : rows };
}

async function updateCounted(
  session: WriteSession,
  { table, draft, answer }: UpdatePlan,
  atMost: number,
  returned: ReturnedColumns,
): Promise<CountedRows> {
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const update = updateCountedRows(target, draft.assignments, atMost, session.idOf);
  return readCounted(session, await session.run(update), atMost);
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
  if (writesOwnCellsOnly(create) && writesOwnCellsOnly(update)) {
    return orRace(session, () => upsertInOneStatement(session, plan));
  }
  const [found] = await session.run(lockRows({ table, filter: session.filter }, 1));
  return found === undefined
    ? orRace(session, () => runCreate(session, create))
    : runUpdateOne(session, update, { kind: 'IDS', ids: [idOf(found)] });
}

async function upsertInOneStatement(session: WriteSession, plan: UpsertPlan): Promise<ByteList> {
  const { table, answer, create, update } = plan;
  const [row] = create.rows;
  if (row === undefined) throw new Error('The upsert has no row to insert.');
  const returned = answer.ownColumnsOnly ? session.row : 'ID';
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const cells = rowValues(table, row, session.idOf);
  const change = { assignments: update.draft.assignments, cells };
  const rows = await session.run(upsertRow(target, change, session.idOf));
  if (returned === session.row) return onlyRow(rows);
  return answerWritten(session, plan, { ids: rows.map(idOf), rows: null });
}

async function orRace(session: WriteSession, work: () => Promise<ByteList>): Promise<ByteList> {
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
  const returned = answer.rows.length === 0 ? 'NOTHING' : 'ID_AND_ROW';
  const target = { table, filter: session.filter, returning: answer.returning[returned] };
  const counted = await session.run(deleteCountedRows(target, atMost));
  const deleted = readCounted(session, counted, atMost);
  return answer.batch !== null && returned === 'NOTHING'
    ? batchJson(answer.batch, deleted.matched, [])
    : answerWritten(session, { table, answer }, deleted);
}

/** The rows that a root field wrote. */
interface WrittenRows {
  /** The ids, in the order in which the result lists the rows. */
  readonly ids: readonly string[];
  /** The id and the JSON values of each row, in any order. Null if the rows must be read back. */
  readonly rows: Rows | null;
}

interface CountedRows extends WrittenRows {
  readonly matched: number;
}

/**
 * Reads the result of `updateCountedRows` or `deleteCountedRows`.
 * @throws OperationError `TOO_MANY_ROWS` if more than `atMost` rows match
 */
function readCounted(session: WriteSession, counted: Rows, atMost: number): CountedRows {
  const matched = Number(columnText(counted[0], 0));
  if (matched > atMost) throw operationErrors.tooManyRows(atMost, { path: session.path });
  const rows = counted.flatMap(([, id, ...answers]) => (id == null ? [] : [[id, ...answers]]));
  return { matched, ids: sortedIds(rows), rows };
}

const idOf = (row: Row): string => columnText(row, 0);

/** Returns the sorted ids. PostgreSQL writes UUIDs in lowercase, so sorting them as strings is correct. */
function sortedIds(rows: Rows): readonly string[] {
  return rows.map(idOf).sort();
}

/** Returns the root field's result as JSON. */
async function answerWritten(
  session: WriteSession,
  { table, answer }: Pick<WritePlan, 'table' | 'answer'>,
  { ids, rows }: WrittenRows,
): Promise<ByteList> {
  const answers =
    answer.rows.length === 0 || ids.length === 0
      ? []
      : inOrder(ids, rows ?? (await session.run(readRows(table, ids, answer.returning.ROW))));
  return answer.batch === null ? onlyRow(answers) : batchJson(answer.batch, ids.length, answers);
}

function inOrder(ids: readonly string[], rows: Rows): Rows {
  const byId = new Map(rows.map((row) => [idOf(row), row.slice(1)]));
  return ids.flatMap((id) => {
    const answers = byId.get(id);
    return answers === undefined ? [] : [answers];
  });
}
