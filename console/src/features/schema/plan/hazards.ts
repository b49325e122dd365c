import type { Hazard } from '#console/gql/graphql.ts';
import { countOf } from '#console/lib/count-of.ts';
import type { BadgeTone } from '#console/ui/badge.tsx';

import type { PlanStep } from '../schema.queries.ts';

export type RealHazard = Exclude<Hazard, 'NONE'>;

interface Wording {
  readonly label: string;
  readonly tone: BadgeTone;
  readonly meaning: string;
  /** The label of the checkbox that accepts the hazard. */
  readonly consent: string;
}

/** Most severe first. */
export const hazardOrder: readonly RealHazard[] = [
  'DATA_LOSS',
  'WIDENS_ACCESS',
  'MAY_FAIL',
  'LOCK',
];

export const hazardWords: Readonly<Record<RealHazard, Wording>> = {
  DATA_LOSS: {
    label: 'Data loss',
    tone: 'danger',
    meaning: 'Rows or values are permanently deleted.',
    consent: 'Accept permanent data loss',
  },
  WIDENS_ACCESS: {
    label: 'Widens access',
    tone: 'warning',
    meaning:
      'Callers with access rules, such as users of an app, may be able to do more than before.',
    consent: 'Accept that callers may be able to do more',
  },
  MAY_FAIL: {
    label: 'May fail',
    tone: 'warning',
    meaning: 'Existing rows might cause this step to fail. If it fails, no changes are applied.',
    consent: 'Accept that existing rows might cause the plan to fail',
  },
  LOCK: {
    label: 'Locks',
    tone: 'info',
    meaning: 'The table is locked while it is scanned or rewritten, so other requests must wait.',
    consent: 'Accept delays for other requests',
  },
};

/**
 * Describes how many rows a step affects: `12 rows violate the new rule`. Returns null if the number is unknown or if
 * there is no hazard.
 */
export function affectedWords(
  step: Pick<PlanStep, 'hazard' | 'affectedRows' | 'certain'>,
): string | null {
  const { hazard, affectedRows, certain } = step;
  if (hazard === 'NONE' || affectedRows === null) return null;
  const rows = countOf(affectedRows, 'row');
  switch (hazard) {
    case 'DATA_LOSS':
      if (affectedRows === 0) return 'no rows lose data';
      return `${rows} ${affectedRows === 1 ? 'loses' : 'lose'} data`;
    case 'MAY_FAIL':
      if (affectedRows === 0) return 'no rows violate the new rule';
      if (certain) return `all ${affectedRows.toLocaleString('en-US')} rows violate the new rule`;
      return `${rows} ${affectedRows === 1 ? 'violates' : 'violate'} the new rule`;
    case 'LOCK':
      return `${rows} to process`;
    case 'WIDENS_ACCESS':
      return null;
  }
}

/**
 * Describes how many rows callers who are signed out can read: `Signed-out callers can read 0 rows now, and 3 rows after
 * this plan.` Returns null if nothing was counted.
 */
export function publicRowsWords({ publicRows }: Pick<PlanStep, 'publicRows'>): string | null {
  const { before = null, after = null } = publicRows ?? {};
  const parts = [
    ...(before === null ? [] : [`${rowsWords(before)} now`]),
    ...(after === null ? [] : [`${rowsWords(after)} after this plan`]),
  ];
  return parts.length === 0 ? null : `Signed-out callers can read ${parts.join(', and ')}.`;
}

function rowsWords({
  rows,
  isExact,
}: {
  readonly rows: number;
  readonly isExact: boolean;
}): string {
  return `${isExact ? '' : 'more than '}${countOf(rows, 'row')}`;
}

/** Explains why a plan cannot be applied: all rows violate the rule of a step. Returns null if it might succeed. */
export function impossibleReason(steps: readonly PlanStep[]): string | null {
  const step = steps.find(({ certain }) => certain);
  if (step === undefined) return null;
  return `${step.target}: all existing rows violate the new rule, so this plan is certain to fail. Correct the rows, or change the schema, for example with a default or an optional field.`;
}

export type Change = 'ADD' | 'DROP' | 'CHANGE' | 'ACCESS';

/** Whether a step adds, drops or changes something in the tables, or changes what access rules permit. */
export function changeOf(kind: string): Change {
  if (kind === 'ACCESS') return 'ACCESS';
  if (/^(CREATE|ADD)_/.test(kind)) return 'ADD';
  return kind.startsWith('DROP_') ? 'DROP' : 'CHANGE';
}
