/** The limits of a project's SDL. A diagnostic reports each limit that is exceeded. Nothing is truncated. */
export const limits = {
  sdlBytes: 256 * 1024,
  /** Levels of nested brackets. Deeper nesting could overflow the parser's stack. */
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
  /** Characters of a number when it is written without an exponent. */
  numberLength: 100,
  /** The same for a number in a JSON value. Each 64-bit float has fewer. */
  jsonNumberLength: 400,
  /** Digits in `@decimal(precision:)`. */
  decimalPrecision: 100,
  patternLength: 256,
  /** The number of characters and character classes in a pattern after its counted repetitions are expanded. */
  patternPositions: 1000,
  /**
   * The number of comparisons of character ranges when checking one pattern, and when checking all patterns of a
   * schema.
   */
  patternWork: 50_000,
  schemaPatternWork: 200_000,
  defaultBytes: 10_000,
  /** Rules on a type, and rules on a field. */
  rules: 20,
  /** Relations that a rule goes through, one inside the other. */
  ruleHops: 4,
  /** Conditions of a rule, with those of the rules that it reuses. */
  ruleConditions: 1_000,
  /** Different `claims` conditions of a schema. An API is built for each combination of them. */
  claimConditions: 16,
  diagnostics: 500,
} as const;

export const defaultMaxPageSize = 100;
