import { bytesOf, ByteList } from '../../../platform/bytes.ts';
import { assertNever } from '../../../platform/assert-never.ts';
import { operationErrors } from '../../errors.ts';
import type { MutationField } from '../../queries/plan.ts';
import { sql } from '../../sql/sql.ts';
import { columnText, nullableText } from '../../sql/statement-runner.ts';
import { batchJson, onlyRow } from '../answer.ts';
import type { CreatePlan, DeletePlan, UpdatePlan, UpsertPlan, WritePlan } from '../plan-write.ts';
import { reserveNumbers } from '../reserve-numbers.ts';
import { keyText, sortKeys, storedCell, type NewRow, type RowKey } from '../row-ref.ts';
import { refuseSharedRows } from '../relink.ts';
import { orRace } from '../run-write.ts';
import { deleteCountedRows, deleteRows, type RowFilter } from '../statements/change.ts';
import { readRows } from '../statements/lookup.ts';
import { repeatFor, type Assignment } from '../update-input.ts';
import type { WritableTable } from '../writable-table.ts';
import {
  allInOrder,
  identityAfter,
  identityOf,
  insertedKeys,
  keyOf,
  readCounted,
} from '../written-rows.ts';
import type { WriteSession } from '../write-session.ts';
import { attachRows, detachRows, insertPairs, releaseHolders, requireLinks } from './links.ts';
import { explainNewRows, explainRows } from './explain-write.ts';
import { prepareInput } from './prepare-input.ts';
import { updateRules, writeRules, type UpdateRules, type WriteRules } from './write-rules.ts';
import {
  insertPermitted,
  lockedRows,
  lockPermitted,
  readPermitted,
  updateLocked,
  type LockedRow,
} from './statements.ts';
import { stepsOf } from './steps.ts';

/**
 * Runs the statements of one root field for a caller to whom rules apply, in a transaction. The order of checks is: rows
 * that the input refers to (`NOT_FOUND`), then the rules of the written rows (`FORBIDDEN`), then constraints.
 *
 * @returns the field's result as JSON
 * @throws OperationError with the code `NOT_FOUND`, `FORBIDDEN`, `TOO_MANY_ROWS` or `BAD_USER_INPUT`
 * @throws UpsertRace if the new row of an upsert violates a unique key
 * @throws any error of the runner
 */
export function runRuledWrite(session: WriteSession, plan: WritePlan): Promise<ByteList> {
  switch (plan.kind) {
    case 'CREATE':
      return create(session, plan);
    case 'UPDATE':
      return update(session, plan, session.filter);
    case 'UPSERT':
      return upsert(session, plan);
    case 'DELETE':
      return plan.atMost === null
        ? deleteOne(session, plan)
        : deleteMany(session, plan, plan.atMost);
    default:
      return assertNever(plan);
  }
}

async function create(session: WriteSession, plan: CreatePlan): Promise<ByteList> {
  const { table, rows, draft, input, skipDuplicates, field } = plan;
  await prepareInput(session, input);
  const all = [...rows, ...[...draft.rows.values()].flat()];
  await requireLinks(session, all, []);
  await releaseHolders(session, input);
  await reserveNumbers(session, all);
  const isFree = field.operation === 'CREATE_ME';
  const inserted = await insertSteps(session, table, all, { skipDuplicates, isFree });
  await insertPairs(session, draft);
  await attachRows(session, draft);
  const keys = skipDuplicates ? insertedKeys(plan, inserted) : rows.map(identityOf);
  return answerOf(session, plan, keys);
}

interface InsertOptions {
  readonly skipDuplicates: boolean;
  /** Whether the rows need no permission. */
  readonly isFree: boolean;
}

const noRules = { creatable: sql`TRUE`, creatableFields: [] };

/**
 * Inserts rows step by step.
 *
 * @returns the texts of `WritableTable.identity` of the rows of the last step that were inserted
 * @throws OperationError `FORBIDDEN`
 */
async function insertSteps(
  session: WriteSession,
  root: WritableTable,
  rows: readonly NewRow[],
  { skipDuplicates, isFree }: InsertOptions = { skipDuplicates: false, isFree: false },
) {
  let inserted: Awaited<ReturnType<WriteSession['run']>> = [];
  for (const step of stepsOf(session.api.index, root.type, rows)) {
    const [first] = step;
    if (first === undefined) continue;
    const { table } = first;
    const { creatable, creatableFields } = isFree ? noRules : rulesOf(session, table);
    const structure = { table, creatable, creatableFields, skipDuplicates };
    if (!isFree) await explainNewRows(session, table, step);
    const result = await session.run(insertPermitted(structure, step));
    const refused = nullableText(result[0], 0);
    if (refused !== null) {
      const place = step[Number(refused)]?.location.path;
      throw operationErrors.forbidden('create', table.type.name, { path: session.path }, place);
    }
    inserted = result.flatMap(([, ...key]) => ((key[0] ?? null) === null ? [] : [key]));
  }
  return inserted;
}

interface UpdateStructure {
  readonly table: WritableTable;
  readonly update: UpdateRules;
}

/** Updates the rows that the filter selects and that rules permit to update. */
async function update(
  session: WriteSession,
  plan: UpdatePlan,
  filter: RowFilter,
): Promise<ByteList> {
  const { table, draft, input, atMost } = plan;
  await prepareInput(session, input);
  const fields = draft.assignedFields;
  await explainRows(session, 'UPDATE', table, { filter, fields });
  const rules = updateRules(session.api, table.type, fields);
  const locked = await lockAll(session, { table, update: rules, filter }, atMost);
  const [first, ...more] = locked.map(({ key }) => key);
  if (first === undefined) return answerOf(session, plan, []);
  draft.target.set(first);
  if (more.length > 0) refuseSharedRows(session, draft);
  const before = [...draft.before.rows.values()].flat();
  await requireLinks(session, before, draft.assignments);
  await releaseHolders(session, input);
  await reserveNumbers(session, before);
  await insertSteps(session, table, before);
  await insertPairs(session, draft.before);
  await attachRows(session, draft.before);
  await assign(session, { table, update: rules }, locked, draft.assignments);
  const after = locked.map(({ key }) => identityAfter(table, key, draft.assignments));
  await relink(session, plan, after);
  return answerOf(session, plan, after);
}

/** @throws OperationError `NOT_FOUND` or `TOO_MANY_ROWS` */
async function lockAll(
  session: WriteSession,
  { filter, ...structure }: UpdateStructure & { readonly filter: RowFilter },
  atMost: number | null,
): Promise<readonly LockedRow[]> {
  const { path } = session;
  const { table } = structure;
  const rows = await session.run(lockPermitted({ ...structure, filter }, atMost ?? 1));
  if (atMost === null && rows.length === 0) {
    throw operationErrors.notFound(table.type.name, { path });
  }
  if (atMost !== null && rows.length > atMost) throw operationErrors.tooManyRows(atMost, { path });
  const locked = new Map(
    lockedRows(structure, rows).map((row) => [keyText(table.key, row.key), row] as const),
  );
  const keys = sortKeys(
    table,
    [...locked.values()].map(({ key }) => key),
  );
  return keys.flatMap((key) => locked.get(keyText(table.key, key)) ?? []);
}

/** @throws OperationError `FORBIDDEN` if rules do not permit the new values */
async function assign(
  session: WriteSession,
  structure: UpdateStructure,
  rows: readonly LockedRow[],
  assignments: readonly Assignment[],
): Promise<void> {
  const columns = assignments.map(({ column }) => column);
  const values = assignments.map(({ column, value }) => storedCell(column, value));
  const result = await session.run(updateLocked({ ...structure, columns }, rows, values));
  if (columnText(result[0], 0) === '0') return;
  throw operationErrors.forbidden('update', structure.table.type.name, { path: session.path });
}

/** Applies an update's changes to the rows that are related to the updated rows. */
async function relink(
  session: WriteSession,
  { table, draft, input }: UpdatePlan,
  updated: readonly RowKey[],
): Promise<void> {
  const [first, ...more] = updated;
  if (first !== undefined) draft.target.set(first);
  for (const each of draft.detachments) await detachRows(session, each, table, updated);
  const again = input.branch();
  const repeated = repeatFor(draft, again, more);
  await prepareInput(session, again);
  const rows = [draft.after, repeated].flatMap((each) => [...each.rows.values()].flat());
  await requireLinks(session, rows, []);
  await reserveNumbers(session, rows);
  await insertSteps(session, table, rows);
  for (const each of [draft.after, repeated]) {
    await insertPairs(session, each);
    await attachRows(session, each);
  }
}

async function upsert(session: WriteSession, plan: UpsertPlan): Promise<ByteList> {
  const { table } = plan;
  const filter = session.filter;
  const rules = updateRules(session.api, table.type, plan.update.draft.assignedFields);
  const [found] = await session.run(lockPermitted({ table, filter, update: rules }, 1));
  return found === undefined
    ? orRace(session, () => create(session, plan.create))
    : update(session, plan.update, { kind: 'KEYS', keys: [keyOf(table, found)] });
}

async function deleteOne(session: WriteSession, { table, answer }: DeletePlan): Promise<ByteList> {
  await explainRows(session, 'DELETE', table, { filter: session.filter });
  const filter = deletable(session, table);
  const rows = await session.run(
    deleteRows({ table, filter, returning: answer.returning[session.row] }),
  );
  if (rows.length === 0) throw operationErrors.notFound(table.type.name, { path: session.path });
  return onlyRow(rows);
}

async function deleteMany(
  session: WriteSession,
  { table, answer }: DeletePlan,
  atMost: number,
): Promise<ByteList> {
  const returning = answer.returning[answer.rows.length === 0 ? 'NOTHING' : 'KEY_AND_ROW'];
  await explainRows(session, 'DELETE', table, { filter: session.filter });
  const filter = deletable(session, table);
  const counted = await session.run(deleteCountedRows({ table, filter, returning }, atMost));
  const { matched, keys, rows } = readCounted(session, { table, counted }, atMost);
  return answer.batch === null
    ? onlyRow(rows ?? [])
    : batchJson(answer.batch, matched, allInOrder(table, keys, rows ?? []));
}

/** The conditions of the root field and of the rules, by root field, because they are a part of statement keys. */
const deletableRows = new WeakMap<MutationField, RowFilter>();

/** The rows that the root field selects and that rules permit to delete. */
function deletable({ api, field, where }: WriteSession, { type }: WritableTable): RowFilter {
  const known = deletableRows.get(field);
  if (known !== undefined) return known;
  const condition = sql`(${where}) AND (${writeRules(api, type).deletable})`;
  const filter: RowFilter = { kind: 'CONDITION', condition };
  deletableRows.set(field, filter);
  return filter;
}

function rulesOf({ api }: WriteSession, { type }: WritableTable): WriteRules {
  return writeRules(api, type);
}

/** Returns the written rows. A row that rules do not permit to read is null. */
async function answerOf(
  session: WriteSession,
  { table, answer }: Pick<WritePlan, 'table' | 'answer'>,
  keys: readonly RowKey[],
): Promise<ByteList> {
  const { batch } = answer;
  if (answer.rows.length === 0 || keys.length === 0) {
    return batch === null ? nothing() : batchJson(batch, keys.length, []);
  }
  await explainRows(session, 'READ', table, { filter: { kind: 'KEYS', keys } });
  const { hasReading, readable } = rulesOf(session, table);
  const returning = answer.returning.ROW;
  const rows = await session.run(
    hasReading
      ? readPermitted({ table, readable, returning }, keys)
      : readRows(table, keys, returning),
  );
  const answers = allInOrder(table, keys, rows);
  if (batch !== null) return batchJson(batch, keys.length, answers);
  return (answers[0]?.length ?? 0) === 0 ? nothing() : onlyRow(answers);
}

function nothing(): ByteList {
  return new ByteList().add(bytesOf('null'));
}
