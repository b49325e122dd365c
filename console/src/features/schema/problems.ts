import type { SyntaxProblem } from '#console/lib/sdl/parse-sdl.ts';

/** A problem in the text; `line` and `column` are counted from 1. */
export interface SdlProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;
}

/** Converts a syntax error found by the console into a problem with the gateway's code and hint. */
export const syntaxProblem = (problem: SyntaxProblem): SdlProblem => ({
  ...problem,
  code: 'SYNTAX_ERROR',
  hint: 'Fix this error. The text after it was not checked.',
});
