import type { Measure } from './document-meter.ts';

/**
 * How much each part of a request adds to its work. A field of the response adds 1 for each time that it can occur.
 * docs/reference/http.md states these numbers.
 */
export const workWeights = {
  /** A `totalCount` or `aggregate`, which reads all rows of a list. */
  count: 500,
  /** An item of a list in the arguments or variables, such as a row to create or a value of `in`. */
  item: 10,
  /** A row that `atMost` allows to change. */
  changedRow: 10,
  /** A row that `offset` skips. */
  skippedRow: 1,
} as const;

/** The work that the first unit of a request covers, and each further unit. */
export const workPerUnit = 1_000;

/** Returns the work of an operation, without its variables. */
export function workOf(measure: Measure): number {
  return (
    measure.cost +
    measure.introspectionCost +
    workWeights.count * (measure.ownCounts + measure.counts) +
    workWeights.item * measure.items +
    workWeights.changedRow * measure.changedRows +
    workWeights.skippedRow * measure.skippedRows
  );
}

/**
 * Returns the number of units that a request counts against a rate limit: 1, and 1 more for each full 1,000 of work.
 * @param work the operation's work: see `workOf`
 */
export function unitsOf(work: number, variables: Readonly<Record<string, unknown>>): number {
  return 1 + Math.floor((work + workWeights.item * itemsIn(variables)) / workPerUnit);
}

/** Returns the number of items in all lists. The depth of variables is limited when they are read. */
function itemsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    return value.reduce<number>((total, item) => total + 1 + itemsIn(item), 0);
  }
  let total = 0;
  for (const member of Object.values(value)) total += itemsIn(member);
  return total;
}

/**
 * Counts a request against its caller's rate limit before it runs.
 * @param units the units of the whole request: see `unitsOf`
 * @returns a promise only if the count is stored in Redis
 * @throws RequestError `RATE_LIMITED` if the units are not available now, or `QUERY_TOO_COMPLEX` if they never are
 */
export type Charge = (units: number) => void | Promise<void>;
