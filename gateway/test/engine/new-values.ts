import type { NewValues } from '../../src/engine/mutations/new-values.ts';

/**
 * Values that are counted, so that they are the same in each run.
 *
 * @param prefix the beginning of the UUIDs, with three hyphens
 */
export function countedValues(prefix: string, next: () => number): NewValues {
  const padded = (length: number) => String(next()).padStart(length, '0');
  return {
    uuidV7: () => `${prefix}-${padded(12)}`,
    uuidV4: () => `${prefix.replace('-7', '-4')}-${padded(12)}`,
    cuid: () => `c${padded(23)}`,
    nanoId: () => `N${padded(20)}`,
    instant: () => `2024-02-29T12:00:00.${padded(3).slice(-3)}Z`,
  };
}
