import { countOf } from '#console/lib/count-of.ts';

import type { DataSearch } from '../data-search.ts';
import type { Ends } from '../data.queries.ts';

interface Page {
  readonly search: Pick<DataSearch, 'after' | 'before' | 'end' | 'skipped'>;
  readonly ends: Pick<Ends, 'hasPreviousPage' | 'hasNextPage'>;
  /** The number of rows on the page. */
  readonly shown: number;
  /** The number of rows on all pages; undefined while it is being counted. */
  readonly total: number | undefined;
}

/**
 * The number of rows before the page; null if it is unknown. It is exact on the first and the last page. On the pages
 * between them, it is counted from the page where the user came from, and other users can add or delete rows meanwhile.
 */
function skippedBy({ search, ends, shown, total }: Page): number | null {
  if (!ends.hasPreviousPage) return 0;
  if (!ends.hasNextPage) return total === undefined ? null : Math.max(0, total - shown);
  return search.skipped ?? null;
}

/** The search parameter for the page after this one. */
export function skippedByNext(page: Page): number | undefined {
  const skipped = skippedBy(page);
  return skipped === null ? undefined : skipped + page.shown;
}

/** The search parameter for the page before this one, with up to `size` rows. */
export function skippedByPrevious(page: Page, size: number): number | undefined {
  const skipped = skippedBy(page);
  return skipped === null || skipped <= size ? undefined : skipped - size;
}

/** `26–50 of 10,000 rows`, or `25 of 10,000 rows` if the position is unknown. */
export function positionText(page: Page): string {
  const { shown, total } = page;
  const whole = total === undefined ? '… rows' : countOf(total, 'row');
  const skipped = skippedBy(page);
  // Rows can be added or deleted between the two requests.
  if (skipped === null || (total !== undefined && skipped + shown > total)) {
    return `${number(shown)} of ${whole}`;
  }
  if (shown === 1) return `${number(skipped + 1)} of ${whole}`;
  return `${number(skipped + 1)}–${number(skipped + shown)} of ${whole}`;
}

const number = (value: number): string => value.toLocaleString('en-US');
