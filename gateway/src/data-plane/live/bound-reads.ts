import {
  equalTexts,
  type PgValue,
  type ReadEquality,
  type TableRead,
} from '../../engine/runtime.ts';

/** What a statement reads of a table: the rows that satisfy all conditions. */
export interface BoundRead {
  readonly table: string;
  readonly conditions: readonly Condition[];
}

/** The column has one of these values, as `equalTexts` and `imageText` write them. */
export interface Condition {
  readonly equality: ReadEquality;
  readonly values: ReadonlySet<string>;
}

/** Adds the values of a statement's parameters to what the statement reads. */
export function bindReads(
  reads: readonly TableRead[],
  values: readonly PgValue[],
): readonly BoundRead[] {
  return reads.map(({ table, equalities }) => ({
    table,
    conditions: equalities.map((equality) => ({ equality, values: equalTexts(equality, values) })),
  }));
}
