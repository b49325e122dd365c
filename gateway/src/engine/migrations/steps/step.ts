import type { Hazard, MigrationStep, StepKind } from '../migration-plan.ts';
import { renderStandalone, type Sql } from '../../sql/sql.ts';
import type { TableDiff } from '../diff-tables.ts';
import type { AffectedRows, ReferencedTable } from './affected-rows.ts';
import type { Ddl } from './ddl.ts';

/** The input for planning the steps for one table. */
export interface StepContext {
  readonly diff: TableDiff;
  readonly ddl: Ddl;
  readonly affected: AffectedRows;
  /** Returns the current table for a table of the next model, or null for a new table. */
  readonly currentTable: (next: string) => ReferencedTable | null;
}

/** A hazard, and the query that counts the affected rows. */
export interface StepHazard {
  readonly level: Exclude<Hazard, 'NONE'>;
  readonly count: Sql;
}

interface StepDraft {
  readonly kind: StepKind;
  readonly target: string;
  readonly summary: string;
  readonly sql: readonly Sql[];
  /** Omitted if the step has no hazard. */
  readonly hazard?: StepHazard;
}

export function createStep({ kind, target, summary, sql, hazard }: StepDraft): MigrationStep {
  return {
    kind,
    target,
    summary,
    sql: sql.map(renderStandalone),
    hazard: hazard?.level ?? 'NONE',
    count: hazard === undefined ? null : renderStandalone(hazard.count),
  };
}
