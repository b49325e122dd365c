import { commaList, ident, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { TableShape, WriteRelation } from '../table-shape.ts';
import type { Part } from '../template.ts';

/** Rows by key come to point to new owners; it returns the ids of those that are there. */
export function attachPart(
  relation: WriteRelation,
  shape: TableShape,
  rows: readonly string[],
  owners: readonly string[],
): Part {
  const key = foreignKeyColumn(relation);
  const sets = commaList([sql`${key} = v.owner`, ...shape.touches]);
  return {
    key: `attach ${shape.type.name} ${relation.owningField ?? ''}`,
    sql: (slot) =>
      sql`UPDATE ${shape.table} AS t SET ${sets} FROM unnest(${slot()}::uuid[], ${slot()}::uuid[]) AS v (id, owner) WHERE t.${shape.idColumn} = v.id RETURNING t.${shape.idColumn}::text`,
    values: [rows, owners],
  };
}

/** Which of the rows under an owner: all of them, or only these, or all but these. */
export interface Detached {
  readonly kind: 'ALL' | 'ONLY' | 'EXCEPT';
  readonly ids: readonly string[];
}

/** Rows no longer stand under their owners: their key is null, or their pair is gone. */
export function detachPart(
  relation: WriteRelation,
  shape: TableShape,
  owners: readonly string[],
  { kind, ids }: Detached,
): Part {
  const { link } = relation;
  const isManyToMany = link.kind === 'MANY_TO_MANY';
  const own = isManyToMany ? ident(link.ownColumn) : foreignKeyColumn(relation);
  const other = isManyToMany ? ident(link.otherColumn) : shape.idColumn;
  const which = (slot: () => Sql): Sql => {
    const under = sql`t.${own} = ANY (${slot()}::uuid[])`;
    switch (kind) {
      case 'ALL':
        return under;
      case 'ONLY':
        return sql`${under} AND t.${other} = ANY (${slot()}::uuid[])`;
      case 'EXCEPT':
        return sql`${under} AND t.${other} <> ALL (${slot()}::uuid[])`;
    }
  };
  const sets = commaList([sql`${own} = NULL`, ...shape.touches]);
  return {
    key: `detach ${shape.type.name} ${relation.field.name} ${isManyToMany ? link.ownColumn : (relation.owningField ?? '')} ${kind}`,
    sql: (slot) =>
      isManyToMany
        ? sql`DELETE FROM ${projectTable(link.table)} AS t WHERE ${which(slot)}`
        : sql`UPDATE ${shape.table} AS t SET ${sets} WHERE ${which(slot)}`,
    values: kind === 'ALL' ? [owners] : [owners, ids],
  };
}

function foreignKeyColumn({ link }: WriteRelation): Sql {
  if (link.kind !== 'INVERSE_SIDE') throw new Error('The key is held by the other side.');
  return ident(link.column);
}
