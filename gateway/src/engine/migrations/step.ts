import { renderStandalone, type Sql } from '../sql/sql.ts';
import type { Hazard, PlanStep, StepKind } from './migration-plan.ts';
import type { Phase, PhasedStep } from './phases.ts';

interface StepDraft {
  readonly phase: Phase;
  readonly kind: StepKind;
  readonly target: string;
  readonly summary: string;
  readonly sql: readonly Sql[];
  /** Left out where there is none. */
  readonly hazard?: Danger;
}

/** A hazard with the query that counts what it concerns. */
export interface Danger {
  readonly level: Exclude<Hazard, 'NONE'>;
  readonly count: Sql;
}

export function step({ phase, kind, target, summary, sql, hazard }: StepDraft): PhasedStep {
  const plain: PlanStep = {
    kind,
    target,
    summary,
    sql: sql.map(renderStandalone),
    hazard: hazard?.level ?? 'NONE',
    count: hazard === undefined ? null : renderStandalone(hazard.count),
  };
  return { phase, step: plain };
}
