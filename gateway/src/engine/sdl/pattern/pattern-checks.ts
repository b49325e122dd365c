import { limits } from '../limits.ts';
import { PatternError } from './parse-pattern.ts';
import type { PatternWork } from './pattern-work.ts';
import { checkPattern } from './pattern.ts';

/** Checks the patterns of one schema. */
export interface PatternChecks {
  /**
   * Checks a pattern.
   *
   * @throws PatternError if the pattern is not supported, or is ambiguous, or takes too much work to check
   */
  check(pattern: string): void;
}

/** Accepts all patterns. Used for an applied schema, whose patterns were checked when it was planned. */
export const checkedBefore: PatternChecks = { check: () => undefined };

/** Checks each distinct pattern once, and limits the work for each pattern and for all of them together. */
export function createPatternChecks(): PatternChecks {
  const results = new Map<string, PatternError | null>();
  let ofSchema = 0;

  const run = (pattern: string): PatternError | null => {
    let ofPattern = 0;
    const work: PatternWork = {
      spend(comparisons) {
        ofPattern += comparisons;
        ofSchema += comparisons;
        if (ofPattern > limits.patternWork) throw tooComplex();
        if (ofSchema > limits.schemaPatternWork) throw tooManyPatterns();
      },
    };
    try {
      work.spend(0);
      checkPattern(pattern, work);
      return null;
    } catch (error) {
      if (error instanceof PatternError) return error;
      throw error;
    }
  };

  return {
    check(pattern) {
      let result = results.get(pattern);
      if (result === undefined) {
        result = run(pattern);
        results.set(pattern, result);
      }
      if (result !== null) throw result;
    },
  };
}

function tooComplex(): PatternError {
  return new PatternError(
    'The pattern is too complex to check.',
    'Use fewer optional parts and alternatives, or smaller repetition counts.',
  );
}

function tooManyPatterns(): PatternError {
  return new PatternError(
    'The patterns in this schema are too complex to check together.',
    'Use simpler patterns, or the same pattern for several fields.',
  );
}
