import type { Hazard, MigrationStep, StepKind } from '../migration-plan.ts';
import { renderStandalone, type Sql } from '../../sql/sql.ts';
import type { TableDiff } from '../diff-tables.ts';
import type { AffectedRows } from './affected-rows.ts';
import type { Ddl } from './ddl.ts';

/** The input for planning the steps for one table. */
export interface StepContext {
  readonly diff: TableDiff;
  readonly ddl: Ddl;
  readonly affected: AffectedRows;
  /** Returns the changes to a table of the next model, or null for a new table. */
  readonly diffOf: (next: string) => TableDiff | null;
}

/** A hazard, and the query that counts the affected rows. */
export interface StepHazard {
  readonly level: Exclude<Hazard, 'NONE' | 'WIDENS_ACCESS'>;
  readonly count: Sql;
  /** For `MAY_FAIL`: counts all rows of the table. */
  readonly rows?: Sql;
}

interface StepDraft {
  readonly kind: StepKind;
  readonly target: string;
  readonly summary: string;
  readonly sql: readonly Sql[];
  /** Omitted if the step has no hazard. */
  readonly hazard?: StepHazard;
  /** Counts the rows that are too long for an index. */
  readonly tooLong?: Sql | null;
}

export function createStep(draft: StepDraft): MigrationStep {
  const { kind, target, summary, sql, hazard, tooLong = null } = draft;
  const rows = hazard?.rows;
  return {
    kind,
    target,
    summary,
    sql: sql.map(renderStandalone),
    hazard: hazard?.level ?? 'NONE',
    count: hazard === undefined ? null : renderStandalone(hazard.count),
    rows: rows === undefined ? null : renderStandalone(rows),
    tooLong: tooLong === null ? null : renderStandalone(tooLong),
    publicRows: null,
  };
}
