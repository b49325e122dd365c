import { LRUCache } from 'lru-cache';

/** How long statements took of late, by their text. */
export interface StatementPace {
  /** Not of what was never run. */
  isQuick(text: string): boolean;
  note(text: string, milliseconds: number): void;
}

/** So long a quick statement takes in the mean: for others, hardly worth a connection of their own. */
const quickMs = 2;
/** Of the latest run in the mean. */
const weight = 0.2;
/** In characters of text. */
const bounds = { max: 10_000, maxSize: 10_000_000 };

export function createStatementPace(): StatementPace {
  const means = new LRUCache<string, number>({
    ...bounds,
    sizeCalculation: (_, { length }) => length + 1,
  });
  return {
    isQuick: (text) => (means.get(text) ?? Infinity) <= quickMs,
    note(text, milliseconds) {
      const mean = means.peek(text) ?? milliseconds;
      means.set(text, mean + (milliseconds - mean) * weight);
    },
  };
}
