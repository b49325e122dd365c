/** Limits the work of checking a pattern. The unit of work is the comparison of two character ranges. */
export interface PatternWork {
  /**
   * Adds to the work done so far.
   *
   * @throws PatternError if the pattern, or all patterns of the schema together, take too much work
   */
  spend(comparisons: number): void;
}
