import { operationErrors, type OperationError } from '../errors.ts';
import type { Attachment, Draft } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import { CreatedRows, createdRows } from './created-rows.ts';
import type { FieldInput } from './input-reader.ts';
import type { CreatePlan, UpdatePlan } from './plan-write.ts';
import { columnText } from '../sql/statement-runner.ts';
import { insertDraft, together } from './statements/insert.ts';
import { attachRows, detachRows, releaseRows } from './statements/attach.ts';
import { repeatFor, type Detachment, type UpdateDraft } from './update-input.ts';
import {
  writableTable,
  type WritableColumn,
  type WritableRelation,
  type WritableTable,
} from './writable-table.ts';
import type { WriteSession } from './write-session.ts';

/** Applies an update's changes to the rows that are related to the updated rows. */
export async function relink(
  session: WriteSession,
  plan: UpdatePlan,
  updated: readonly string[],
): Promise<void> {
  const { draft, input } = plan;
  const [first, ...more] = updated;
  if (first === undefined) return;
  session.setId(draft.target, first);
  if (more.length > 0) refuseSharedRows(session, draft);
  for (const detachment of draft.detachments) await detach(session, detachment, updated);
  const again = input.branch();
  const repeated = repeatFor(draft, again, more);
  await session.lookUp(again, createdBy(session, plan));
  await insertDrafts(session, [draft.after, repeated]);
  await attachAll(session, draft.after);
  await attachAll(session, repeated);
}

/**
 * Disconnects the current partners of the rows that the input connects in one-to-one relations. The unique key of the
 * foreign key would reject the new partner otherwise.
 */
export async function releasePartners(
  session: WriteSession,
  { releases }: FieldInput,
): Promise<void> {
  const targets = new Map<WritableColumn, { table: WritableTable; ids: string[] }>();
  for (const { table, column, target } of releases) {
    const known = targets.get(column) ?? { table, ids: [] };
    targets.set(column, known);
    known.ids.push(session.idOf(target));
  }
  for (const [column, { table, ids }] of targets)
    await session.run(releaseRows(table, column, ids));
}

/** The rows that a plan creates. */
export function createdBy(session: WriteSession, plan: CreatePlan | UpdatePlan): CreatedRows {
  return new CreatedRows(createdRows(plan), session.idIfFound);
}

/** Inserts new rows and pairs in one statement. */
async function insertDrafts(session: WriteSession, drafts: readonly Draft[]): Promise<void> {
  const statements = drafts.flatMap((draft) => insertDraft(draft, session.idOf));
  const main = statements.pop();
  if (main !== undefined) await session.run(together(statements, main));
}

/** Attaches existing rows to their new parents. @throws OperationError `NOT_FOUND` if a row does not exist */
export async function attachAll(session: WriteSession, { attachments }: Draft): Promise<void> {
  for (const [relation, each] of attachments) await attach(session, relation, each);
}

async function attach(
  session: WriteSession,
  relation: WritableRelation,
  attachments: readonly Attachment[],
): Promise<void> {
  const parents = new Map<string, string>();
  for (const { row, parent, location } of attachments) {
    const [id, parentId] = [session.idOf(row), session.idOf(parent)];
    if ((parents.get(id) ?? parentId) !== parentId) throw sharedRow(session, location);
    parents.set(id, parentId);
  }
  const table = writableTable(session.api.index, relation.link.target);
  const rows = await session.run(
    attachRows(relation, table, [...parents.keys()], [...parents.values()]),
  );
  if (rows.length === parents.size) return;
  const found = new Set(rows.map((row) => columnText(row, 0)));
  const missing = attachments.find(({ row }) => !found.has(session.idOf(row)));
  const { path } = session;
  throw operationErrors.notConnected(table.type.name, missing?.location.path ?? [], { path });
}

async function detach(
  session: WriteSession,
  { relation, rows }: Detachment,
  parents: readonly string[],
): Promise<void> {
  const ids = rows.kind === 'ALL' ? [] : rows.ids.flatMap((row) => session.idIfFound(row) ?? []);
  if (rows.kind === 'ONLY' && ids.length === 0) return;
  const table = writableTable(session.api.index, relation.link.target);
  await session.run(detachRows(relation, table, parents, { kind: rows.kind, ids }));
}

/** Rejects attaching one row to several updated rows, because the row has only one foreign key. */
function refuseSharedRows(session: WriteSession, { after, target }: UpdateDraft): void {
  for (const attachments of after.attachments.values()) {
    const shared = attachments.find(({ parent }) => parent === target);
    if (shared !== undefined) throw sharedRow(session, shared.location);
  }
}

function sharedRow({ path }: WriteSession, location: InputLocation): OperationError {
  return operationErrors.sharedRow(location.path, { path });
}
