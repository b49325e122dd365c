import { LRUCache } from 'lru-cache';

/** Recent durations of statements, by SQL text. */
export interface StatementPace {
  /** Reports whether a statement is quick. False for a statement that has never run. */
  isQuick(text: string): boolean;
  /** Returns the mean duration in milliseconds, or Infinity for a statement that has never run. */
  meanOf(text: string): number;
  note(text: string, milliseconds: number): void;
}

/**
 * Maximum mean duration of a quick statement. Waiting for a quick statement is cheaper than leasing another connection.
 */
const quickMs = 2;
/** Weight of the latest run in the mean. */
const weight = 0.2;
/** Maximum total length of the texts, in characters. */
const maxSize = 10_000_000;

export function createStatementPace(): StatementPace {
  const means = new LRUCache<string, number>({
    maxSize,
    sizeCalculation: (_, { length }) => length + 1,
  });
  return {
    isQuick: (text) => (means.get(text) ?? Infinity) <= quickMs,
    meanOf: (text) => means.peek(text) ?? Infinity,
    note(text, milliseconds) {
      const mean = means.peek(text) ?? milliseconds;
      means.set(text, mean + (milliseconds - mean) * weight);
    },
  };
}
