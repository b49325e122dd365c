import type { Hazard } from '#console/gql/graphql.ts';
import type { BadgeTone } from '#console/ui/badge.tsx';

import type { PlanStep } from '../schema.queries.ts';

export type RealHazard = Exclude<Hazard, 'NONE'>;

interface Wording {
  readonly label: string;
  readonly tone: BadgeTone;
  readonly meaning: string;
  /** What is ticked. */
  readonly consent: string;
}

/** The worst first, as they are to be read. */
export const hazardOrder: readonly RealHazard[] = ['DATA_LOSS', 'MAY_FAIL', 'LOCK'];

export const hazardWords: Readonly<Record<RealHazard, Wording>> = {
  DATA_LOSS: {
    label: 'Data loss',
    tone: 'danger',
    meaning: 'Rows or values go for good.',
    consent: 'Data may be lost for good',
  },
  MAY_FAIL: {
    label: 'May fail',
    tone: 'warning',
    meaning: 'Rows may stand against it. While they do, nothing of the plan is applied.',
    consent: 'It may fail on the data',
  },
  LOCK: {
    label: 'Locks',
    tone: 'info',
    meaning: 'A table is scanned or rewritten, while others wait for it.',
    consent: 'Others may have to wait',
  },
};

/** How many rows a step concerns, in words: `12 rows stand against it`. */
export function affectedWords(step: Pick<PlanStep, 'hazard' | 'affectedRows'>): string | null {
  const { hazard, affectedRows } = step;
  if (hazard === 'NONE' || affectedRows === null) return null;
  const rows = affectedRows === 1 ? '1 row' : `${affectedRows.toLocaleString('en-US')} rows`;
  switch (hazard) {
    case 'DATA_LOSS':
      if (affectedRows === 0) return 'no row has anything to lose now';
      return `${rows} ${affectedRows === 1 ? 'loses' : 'lose'} data`;
    case 'MAY_FAIL':
      if (affectedRows === 0) return 'no row stands against it now';
      return `${rows} ${affectedRows === 1 ? 'stands' : 'stand'} against it`;
    case 'LOCK':
      return `${rows} to go through`;
  }
}

export type Change = 'ADD' | 'DROP' | 'CHANGE';

/** Whether a step brings something, takes it away, or makes it different. */
export function changeOf(kind: string): Change {
  if (/^(CREATE|ADD)_/.test(kind)) return 'ADD';
  return kind.startsWith('DROP_') ? 'DROP' : 'CHANGE';
}

/** `1 step`, `12 steps`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
