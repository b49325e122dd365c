import type { MutationField } from '../queries/plan.ts';
import type { WritePlan } from './plan-write.ts';
import { lockInOrder } from './statements/change.ts';
import type { WriteSession } from './write-session.ts';
import type { WritableTable } from './writable-table.ts';

interface NamedRows {
  readonly table: WritableTable;
  readonly fields: readonly MutationField[];
}

/**
 * Locks the rows that several root fields identify by unique keys before the first of them is written, in the order of
 * their tables and ids. Without this, two requests that name the same rows in opposite orders would wait for each other,
 * until PostgreSQL detects the deadlock (40P01) and cancels one of them.
 *
 * @param session the session of any field
 */
export async function lockNamedRows(
  session: WriteSession,
  writes: ReadonlyMap<MutationField, WritePlan>,
): Promise<void> {
  const named = new Map<string, NamedRows>();
  let rows = 0;
  for (const [field, { table }] of writes) {
    if (field.where === null || !namesOneRow(field)) continue;
    rows += 1;
    const key = table.type.table;
    const fields = [...(named.get(key)?.fields ?? []), field];
    named.set(key, { table, fields });
  }
  if (rows < 2) return;
  const tables = [...named].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, { table, fields }] of tables) {
    const conditions = fields.flatMap(({ where }) => where ?? []);
    const forDelete = fields.some(({ operation }) => operation === 'DELETE_ONE');
    await session.run(lockInOrder({ table, conditions, forDelete }));
  }
}

function namesOneRow({ operation }: MutationField): boolean {
  return operation === 'UPDATE_ONE' || operation === 'UPSERT_ONE' || operation === 'DELETE_ONE';
}
