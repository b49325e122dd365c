/** What one project's SDL may hold. Beyond these a diagnostic says so; nothing is cut. */
export const limits = {
  sdlBytes: 256 * 1024,
  /** Of brackets in the SDL: deeper text would overflow the parser's stack. */
  nesting: 64,
  types: 200,
  enums: 200,
  fieldsPerType: 200,
  valuesPerEnum: 500,
  keysPerType: 50,
  fieldsPerKey: 16,
  nameLength: 48,
  pageSize: 1000,
  textLength: 1_000_000,
  numberLength: 100,
  patternLength: 256,
  /** Characters that a pattern can stand at once its counted repetitions are written out. */
  patternPositions: 1000,
  defaultBytes: 10_000,
  diagnostics: 500,
} as const;

export const defaultMaxPageSize = 100;
