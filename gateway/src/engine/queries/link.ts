import type { Link, ModelIndex } from '../api/model-index.ts';
import { projectTable, sql, type Sql } from '../sql/sql.ts';
import { columnOf } from './column.ts';
import type { Conditions } from './conditions.ts';

/** Rows of one type: what stands after FROM, and what ties them to the row that they are of. */
export interface Source {
  /** `"p"."issue" AS "t1"` */
  readonly from: Sql;
  /** None for all rows of the type. */
  readonly tie: Conditions;
  /** Columns of the rows that the tie holds to one value. */
  readonly fixed: readonly string[];
}

/** The rows of `link.target`, each as `alias`, that the row `parent` leads to. */
export function linkedRows(
  index: ModelIndex,
  { link, parent, parentId, alias, newAlias }: LinkedRowsOptions,
): Source {
  const { target } = link;
  const table = sql`${projectTable(target.table)} AS ${alias}`;
  const targetId = columnOf(alias, index.idOf(target).column);
  const ownId = columnOf(parent, parentId);
  switch (link.kind) {
    case 'OWNING_SIDE':
      return { from: table, tie: [sql`${targetId} = ${columnOf(parent, link.column)}`], fixed: [] };
    case 'INVERSE_SIDE':
      return {
        from: table,
        tie: [sql`${columnOf(alias, link.column)} = ${ownId}`],
        fixed: [link.column],
      };
    case 'MANY_TO_MANY': {
      const pair = newAlias();
      const paired = sql`${projectTable(link.table)} AS ${pair}`;
      return {
        from: sql`${paired} JOIN ${table} ON ${targetId} = ${columnOf(pair, link.otherColumn)}`,
        tie: [sql`${columnOf(pair, link.ownColumn)} = ${ownId}`],
        fixed: [],
      };
    }
  }
}

interface LinkedRowsOptions {
  readonly link: Link;
  /** The row that the link starts from, and the column of its id. */
  readonly parent: Sql;
  readonly parentId: string;
  readonly alias: Sql;
  readonly newAlias: () => Sql;
}
