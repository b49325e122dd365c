import type { SyntaxProblem } from '#console/lib/sdl/parse-sdl.ts';

/** One thing wrong with the text, where (counted from 1), and the way out. */
export interface SdlProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;
}

/** What can be told without the gateway, in the gateway's words. */
export const syntaxProblem = (problem: SyntaxProblem): SdlProblem => ({
  ...problem,
  code: 'SYNTAX_ERROR',
  hint: 'Fix this error. The text after it was not checked.',
});
