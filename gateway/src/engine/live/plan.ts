import type { ByteList, Bytes } from '../../platform/bytes.ts';
import type { Parameter, QueryPlan, Statement, Variables } from '../queries/plan.ts';
import type { ModelType } from '../sdl/model.ts';
import type { SqlTemplate } from '../sql/sql.ts';
import type { ReadEquality, TableRead } from './table-reads.ts';

/** The result of compiling a subscription. All projects with the same model can use it. */
export type SubscriptionPlan = LiveQueryPlan | ChangesPlan;

/** A query whose result is sent again when it changes. */
export interface LiveQueryPlan {
  readonly kind: 'LIVE_QUERY';
  /** Returns one row with the column `c0`, the JSON of the only root field. */
  readonly statement: Statement;
  /** Exactly one `COLUMN`. */
  readonly answers: QueryPlan['answers'];
  /** All tables that the statement reads. */
  readonly reads: readonly TableRead[];
  /** Whether the result can change with time only, because of `$now`. */
  readonly usesNow: boolean;
  /** Runs the statement for many subscribers: see `cohortOf`. Its columns are the number of the subscriber and `c0`. */
  readonly cohort: Pick<SqlTemplate, 'chunks'>;
}

export type ChangeOperation = 'CREATED' | 'UPDATED' | 'DELETED' | 'RESET';

/** The changes of the rows of a model. */
export interface ChangesPlan {
  readonly kind: 'CHANGES';
  readonly type: ModelType;
  readonly responseKey: string;
  /** @throws OperationError if the argument contains `RESET` or nothing */
  readonly operations: (variables: Variables) => ReadonlySet<ChangeOperation>;
  /** The cursor after which changes are sent. Null for those from now on. */
  readonly after: (variables: Variables) => string | null;
  /** The columns of the row before a change, without its key, that decide whether it matched: see `rowBefore`. */
  readonly needsOld: readonly string[];
  /** Whether access rules decide which rows the subscriber sees. */
  readonly hasRules: boolean;
  /** A row matches only if it has one of these values in each of the columns. */
  readonly equalities: readonly ReadEquality[];
  /** The parameters of one subscriber. */
  readonly parameters: readonly Parameter[];
  /**
   * Evaluates pairs of a subscriber and a change. Its parameters are lists of text: the key, `old` and `unknown` of
   * each change: see `rowBefore`; one for each of `parameters`, with an item for each subscriber; and the numbers of the
   * changes to evaluate for each subscriber, as the text of an array. Subscribers and changes are numbered from 1.
   *
   * Its columns are the numbers of the subscriber and of the change; whether the row matched before, which is null if
   * it is not known; whether it matches now; and those of `ChangeEvent.row`. Pairs that matched neither before nor now
   * are left out.
   */
  readonly evaluate: Pick<SqlTemplate, 'chunks'>;
  /** The JSON for `data` of one event. */
  readonly event: (event: ChangeEvent) => ByteList;
}

/** An event of a stream of changes. */
export interface ChangeEvent {
  readonly cursor: string;
  readonly operation: ChangeOperation;
  readonly at: Date;
  /** The columns that have other values. Empty if the row was not updated. */
  readonly changed: readonly string[];
  /** The columns of `evaluate` from the fifth. Null for `RESET`. */
  readonly row: readonly (Bytes | null)[] | null;
}

/** What the log has of a change. */
export interface LoggedChange {
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  /** The row before the change, as JSON by column. Null if it did not exist or was not logged. */
  readonly old: string | null;
  /** The columns that the images do not contain. `*` stands for all of them. */
  readonly leftOut: readonly string[];
}

/** The parameters of `evaluate` for the row before a change. */
export function rowBefore(
  { needsOld }: Pick<ChangesPlan, 'needsOld'>,
  { operation, old, leftOut }: LoggedChange,
): { readonly old: string | null; readonly unknown: 't' | 'f' } {
  if (operation === 'INSERT') return { old: null, unknown: 'f' };
  const isMissing = (column: string) =>
    old === null || leftOut.includes('*') || leftOut.includes(column);
  return needsOld.some(isMissing)
    ? { old: null, unknown: 't' }
    : { old: old ?? '{}', unknown: 'f' };
}
