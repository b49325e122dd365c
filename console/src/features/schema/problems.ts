import type { SyntaxProblem } from '#console/lib/sdl/parse-sdl.ts';

/** A problem in the text; `line` and `column` are counted from 1. */
export interface SdlProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;
}

/** A syntax error, found without the gateway. The code and the hint are the same as the gateway's. */
export const syntaxProblem = (problem: SyntaxProblem): SdlProblem => ({
  ...problem,
  code: 'SYNTAX_ERROR',
  hint: 'Fix this error. The text after it was not checked.',
});
