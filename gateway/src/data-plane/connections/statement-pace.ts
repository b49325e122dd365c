import { LRUCache } from 'lru-cache';

/** How long statements took recently, by their text. */
export interface StatementPace {
  /** False for a statement that never ran. */
  isQuick(text: string): boolean;
  note(text: string, milliseconds: number): void;
}

/** The longest mean of a quick statement: one that others can wait for rather than lease a connection. */
const quickMs = 2;
/** Weight of the latest run in the mean. */
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
