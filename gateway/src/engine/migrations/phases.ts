import type { PlanStep } from './migration-plan.ts';

/**
 * The order that always works: what depends on others goes first and comes last, and nothing takes a
 * name before it is free. Until the renames, everything has its current name; after them, its next.
 */
const order = [
  'DROP_FOREIGN_KEYS',
  'DROP_CHECKS',
  'DROP_KEYS',
  'DROP_COLUMNS',
  'DROP_TABLES',
  'RENAME_TABLES',
  'RENAME_COLUMNS',
  'RENAME_CONSTRAINTS',
  'CREATE_TABLES',
  'ADD_COLUMNS',
  'CHANGE_COLUMNS',
  'ADD_CHECKS',
  'ADD_KEYS',
  'ADD_FOREIGN_KEYS',
] as const;

export type Phase = (typeof order)[number];

export interface PhasedStep {
  readonly phase: Phase;
  readonly step: PlanStep;
}

export function inOrder(steps: readonly PhasedStep[]): readonly PlanStep[] {
  return order.flatMap((phase) =>
    steps.filter((phased) => phased.phase === phase).map(({ step }) => step),
  );
}
