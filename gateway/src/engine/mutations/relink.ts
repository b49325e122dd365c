import { operationErrors, type OperationError } from '../errors.ts';
import type { Attachment, Draft } from './draft.ts';
import type { InputLocation } from './input-location.ts';
import { CreatedRows, createdRows } from './created-rows.ts';
import type { FieldInput } from './input-reader.ts';
import type { CreatePlan, UpdatePlan } from './plan-write.ts';
import { columnText, type PgValue, type Rows } from '../sql/statement-runner.ts';
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
import {
  attachRows,
  detachRows,
  releaseRows,
  type DetachedRows,
  type RowValues,
} from './statements/attach.ts';
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
  const { table, changes } = foreignKeyChanges(session, relation, attachments);
  const rows = await session.run(
    attachRows(
      relation,
      table,
      changes.map(({ key }) => key),
      changes.map(({ parent }) => parent),
    ),
  );
  requireAttached(session, table, { attachments, rows });
}

/** A row whose foreign key changes. */
interface ForeignKeyChange {
  readonly key: readonly PgValue[];
  /** The new values of the foreign key. */
  readonly parent: readonly PgValue[];
}

/**
 * The rows that get other parents, and the table that contains them.
 * @throws OperationError `BAD_USER_INPUT` if a row would get two parents, or a parent cannot be referenced
 */
export function foreignKeyChanges(
  session: WriteSession,
  { link }: WritableRelation,
  attachments: readonly Attachment[],
): { readonly table: WritableTable; readonly changes: readonly ForeignKeyChange[] } {
  if (link.kind !== 'INVERSE_SIDE') throw new Error('The other side has no foreign key.');
  const table = writableTable(session.api.index, link.target);
  const referenced = link.columns.map(({ own }) => own);
  const changed = new Map<string, ForeignKeyChange>();
  for (const { row, parent } of attachments) {
    const owner = valuesOf(parent, referenced);
    const missing = referenced[owner.indexOf(null)];
    if (missing !== undefined) throw notReferable(parent, missing, row.location);
    const key = valuesOf(row, table.type.key.columns);
    const text = keyText(table.key, key);
    const earlier = changed.get(text);
    if (earlier !== undefined && earlier.parent.join('\0') !== owner.join('\0')) {
      throw sharedRow(session, row.location);
    }
    changed.set(text, { key, parent: owner });
  }
  return { table, changes: [...changed.values()] };
}

/**
 * @param rows the keys of the rows that were found
 * @throws OperationError `NOT_FOUND` for the first row that was not
 */
export function requireAttached(
  { path }: WriteSession,
  table: WritableTable,
  { attachments, rows }: { readonly attachments: readonly Attachment[]; readonly rows: Rows },
): void {
  const found = new Set(
    rows.map((row) =>
      keyText(
        table.key,
        table.key.map((_, index) => columnText(row, index)),
      ),
    ),
  );
  const missing = attachments.find(
    ({ row }) => !found.has(keyText(table.key, valuesOf(row, table.type.key.columns))),
  );
  if (missing === undefined) return;
  throw operationErrors.notConnected(table.type.name, missing.row.location.path, { path });
}

async function detach(
  session: WriteSession,
  detachment: Detachment,
  parentTable: WritableTable,
  parents: readonly RowKey[],
): Promise<void> {
  const which = detachedOf(session, detachment, parentTable, parents);
  if (which === null) return;
  const { table, owners, rows } = which;
  await session.run(detachRows(detachment.relation, table, owners, rows));
}

/** The rows to detach: the table that contains them, and the values of their parents. Null if there are none. */
export function detachedOf(
  session: WriteSession,
  { relation: { link }, rows }: Detachment,
  parentTable: WritableTable,
  parents: readonly RowKey[],
): {
  readonly table: WritableTable;
  readonly owners: RowValues;
  readonly rows: DetachedRows;
} | null {
  const table = writableTable(session.api.index, link.target);
  const keys =
    rows.kind === 'ALL'
      ? []
      : rows.others.flatMap((row) => {
          const values = knownValues(row, table.type.key.columns);
          return values === null ? [] : [values];
        });
  if (rows.kind === 'ONLY' && keys.length === 0) return null;
  const referenced =
    link.kind === 'MANY_TO_MANY'
      ? link.toRow.map(({ other }) => other)
      : link.columns.map(({ own }) => own);
  // No row is connected to a parent without a value in the referenced columns.
  const owners = parents.flatMap((key) => {
    const parent = new UpdatedRow(parentTable);
    parent.set(key);
    const known = knownValues(parent, referenced);
    return known === null ? [] : [known];
  });
  return { table, owners, rows: { kind: rows.kind, keys } };
}

/** Rejects attaching one row to several updated rows, because the row has only one foreign key. */
export function refuseSharedRows(session: WriteSession, { after, target }: UpdateDraft): void {
  for (const attachments of after.attachments.values()) {
    const shared = attachments.find(({ parent }) => parent === target);
    if (shared !== undefined) throw sharedRow(session, shared.row.location);
  }
}

function sharedRow({ path }: WriteSession, location: InputLocation): OperationError {
  return operationErrors.sharedRow(location.path, { path });
}
