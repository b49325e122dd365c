/** What is wrong with one value that a client sent, and where: `['data', 'title']`. */
export interface InputIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Arguments or variables that GraphQL's types allow and the API does not: `BAD_USER_INPUT` with every issue. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly issues: readonly [InputIssue, ...InputIssue[]];

  constructor(issues: readonly [InputIssue, ...InputIssue[]]) {
    super(issues[0].message);
    this.issues = issues;
  }
}
