import type { Draft, DraftAttachment } from './draft.ts';
import { draftParts } from './parts/draft-parts.ts';
import { togetherPart } from './parts/insert.ts';
import { attachPart, detachPart } from './parts/relink.ts';
import { pathOf } from './place.ts';
import { repeatFor, type Detachment } from './read-update.ts';
import { tableShape, type WriteRelation } from './table-shape.ts';
import type { UpdatePlan } from './plan-write.ts';
import { operationErrors } from '../errors.ts';
import type { WriteSession } from './write-session.ts';

/** Does what an update says of the rows under the changed ones. */
export async function relink(
  session: WriteSession,
  { draft, reading }: UpdatePlan,
  owners: readonly string[],
): Promise<void> {
  const [first, ...more] = owners;
  if (first === undefined) return;
  session.know(draft.target, first);
  if (more.length > 0) refuseSharedRows(session, draft.after, draft.target);
  for (const detachment of draft.detachments) await detach(session, detachment, owners);
  const again = reading.branch();
  const repeated = repeatFor(again, draft, more);
  await session.lookUp(again);
  await insertDrafts(session, [draft.after, repeated]);
  await attachAll(session, draft.after);
  await attachAll(session, repeated);
}

/** New rows and pairs, in one statement. */
async function insertDrafts(session: WriteSession, drafts: readonly Draft[]): Promise<void> {
  const parts = drafts.flatMap((draft) => draftParts(draft, session.idOf));
  const main = parts.pop();
  if (main !== undefined) await session.run(togetherPart(parts, main));
}

/** @throws OperationError `NOT_FOUND` where a row is not there */
export async function attachAll(session: WriteSession, { attachments }: Draft): Promise<void> {
  for (const [relation, each] of attachments) await attach(session, relation, each);
}

async function attach(
  session: WriteSession,
  relation: WriteRelation,
  attachments: readonly DraftAttachment[],
): Promise<void> {
  const owners = new Map<string, string>();
  for (const { row, owner, place } of attachments) {
    const [id, ownerId] = [session.idOf(row), session.idOf(owner)];
    if ((owners.get(id) ?? ownerId) !== ownerId) {
      throw operationErrors.sharedRow(pathOf(place), { path: session.path });
    }
    owners.set(id, ownerId);
  }
  const shape = tableShape(session.api.index, relation.link.target);
  const rows = await session.run(
    attachPart(relation, shape, [...owners.keys()], [...owners.values()]),
  );
  if (rows.length === owners.size) return;
  const found = new Set(rows.map(([id]) => id));
  const missing = attachments.find(({ row }) => !found.has(session.idOf(row)));
  const place = missing === undefined ? [] : pathOf(missing.place);
  throw operationErrors.notConnected(shape.type.name, place, { path: session.path });
}

async function detach(
  session: WriteSession,
  { relation, rows }: Detachment,
  owners: readonly string[],
): Promise<void> {
  const shape = tableShape(session.api.index, relation.link.target);
  const ids = rows.kind === 'ALL' ? [] : rows.ids.flatMap((row) => session.idIfFound(row) ?? []);
  if (rows.kind === 'ONLY' && ids.length === 0) return;
  await session.run(detachPart(relation, shape, owners, { kind: rows.kind, ids }));
}

/** A row that holds the key of one cannot be given to several. */
function refuseSharedRows(
  session: WriteSession,
  { attachments }: Draft,
  target: UpdatePlan['draft']['target'],
): void {
  for (const each of attachments.values()) {
    const shared = each.find(({ owner }) => owner === target);
    if (shared !== undefined)
      throw operationErrors.sharedRow(pathOf(shared.place), { path: session.path });
  }
}
