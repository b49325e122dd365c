import { operationErrors, type OperationError } from '../errors.ts';
import type { Attachment, Draft } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import { CreatedRows, createdRows } from './created-rows.ts';
import type { FieldInput } from './input-reader.ts';
import type { CreatePlan, UpdatePlan } from './plan-write.ts';
import { columnText, type PgValue } from '../sql/statement-runner.ts';
import { reserveNumbers } from './reserve-numbers.ts';
import {
  keyText,
  knownValues,
  notReferable,
  UpdatedRow,
  valuesOf,
  type RowKey,
  type RowRef,
} from './row-ref.ts';
import { insertDraft, together } from './statements/insert.ts';
import { attachRows, detachRows, releaseRows } from './statements/attach.ts';
import { repeatFor, type Detachment, type UpdateDraft } from './update-input.ts';
import {
  writableTable,
  type WritableForeignKey,
  type WritableRelation,
  type WritableTable,
} from './writable-table.ts';
import type { WriteSession } from './write-session.ts';

/** Applies an update's changes to the rows that are related to the updated rows. */
export async function relink(
  session: WriteSession,
  plan: UpdatePlan,
  updated: readonly RowKey[],
): Promise<void> {
  const { draft, input } = plan;
  const [first, ...more] = updated;
  if (first === undefined) return;
  draft.target.set(first);
  if (more.length > 0) refuseSharedRows(session, draft);
  for (const detachment of draft.detachments)
    await detach(session, detachment, plan.table, updated);
  const again = input.branch();
  const repeated = repeatFor(draft, again, more);
  await session.lookUp(again, createdBy(plan));
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
  const targets = new Map<WritableForeignKey, { table: WritableTable; rows: RowRef[] }>();
  for (const { table, key, target } of releases) {
    const known = targets.get(key) ?? { table, rows: [] };
    targets.set(key, known);
    known.rows.push(target);
  }
  for (const [key, { table, rows }] of targets) {
    const values = rows.map((row) => valuesOf(row, key.references));
    await session.run(releaseRows(table, key, values));
  }
}

/** The rows that a plan creates. */
export function createdBy(plan: CreatePlan | UpdatePlan): CreatedRows {
  return new CreatedRows(createdRows(plan));
}

/** Inserts new rows and pairs in one statement. */
async function insertDrafts(session: WriteSession, drafts: readonly Draft[]): Promise<void> {
  await reserveNumbers(
    session,
    drafts.flatMap(({ rows }) => [...rows.values()].flat()),
  );
  const statements = drafts.flatMap(insertDraft);
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
  const { link } = relation;
  if (link.kind !== 'INVERSE_SIDE') throw new Error('The other side has no foreign key.');
  const table = writableTable(session.api.index, link.target);
  const keyOf = (row: RowRef) => valuesOf(row, table.type.key.columns);
  const textOf = (row: RowRef) => keyText(table.key, keyOf(row));
  const referenced = link.columns.map(({ own }) => own);
  const changed = new Map<string, { readonly row: RowRef; readonly parent: readonly PgValue[] }>();
  for (const { row, parent } of attachments) {
    const owner = valuesOf(parent, referenced);
    const missing = referenced[owner.indexOf(null)];
    if (missing !== undefined) throw notReferable(parent, missing, row.location);
    const earlier = changed.get(textOf(row));
    if (earlier !== undefined && earlier.parent.join('\0') !== owner.join('\0')) {
      throw sharedRow(session, row.location);
    }
    changed.set(textOf(row), { row, parent: owner });
  }
  const changes = [...changed.values()];
  const rows = await session.run(
    attachRows(
      relation,
      table,
      changes.map(({ row }) => keyOf(row)),
      changes.map(({ parent }) => parent),
    ),
  );
  if (rows.length === changes.length) return;
  const found = new Set(
    rows.map((row) =>
      keyText(
        table.key,
        table.key.map((_, index) => columnText(row, index)),
      ),
    ),
  );
  const missing = attachments.find(({ row }) => !found.has(textOf(row)));
  const { path } = session;
  const place = missing?.row.location.path ?? [];
  throw operationErrors.notConnected(table.type.name, place, { path });
}

async function detach(
  session: WriteSession,
  { relation, rows }: Detachment,
  parentTable: WritableTable,
  parents: readonly RowKey[],
): Promise<void> {
  const { link } = relation;
  const table = writableTable(session.api.index, link.target);
  const keys =
    rows.kind === 'ALL'
      ? []
      : rows.others.flatMap((row) => {
          const values = knownValues(row, table.type.key.columns);
          return values === null ? [] : [values];
        });
  if (rows.kind === 'ONLY' && keys.length === 0) return;
  const referenced =
    link.kind === 'MANY_TO_MANY'
      ? link.toRow.map(({ other }) => other)
      : link.columns.map(({ own }) => own);
  // No row is connected to a parent without a value in the referenced columns.
  const values = parents.flatMap((key) => {
    const parent = new UpdatedRow(parentTable);
    parent.set(key);
    const known = knownValues(parent, referenced);
    return known === null ? [] : [known];
  });
  await session.run(detachRows(relation, table, values, { kind: rows.kind, keys }));
}

/** Rejects attaching one row to several updated rows, because the row has only one foreign key. */
function refuseSharedRows(session: WriteSession, { after, target }: UpdateDraft): void {
  for (const attachments of after.attachments.values()) {
    const shared = attachments.find(({ parent }) => parent === target);
    if (shared !== undefined) throw sharedRow(session, shared.row.location);
  }
}

function sharedRow({ path }: WriteSession, location: InputLocation): OperationError {
  return operationErrors.sharedRow(location.path, { path });
}
