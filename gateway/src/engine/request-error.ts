import type { InputIssue } from './queries/input-error.ts';

/** What `extensions.code` of the project API says (engine.md, section 3). */
export type RequestErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'UNIQUE_VIOLATION'
  | 'FOREIGN_KEY_VIOLATION'
  | 'CHECK_VIOLATION'
  | 'TOO_MANY_ROWS'
  | 'CONFLICT'
  | 'TIMEOUT'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'RATE_LIMITED'
  | 'OVERLOADED';

/** The parts of an error that a client sees beside its code and message. */
export interface RequestErrorDetails {
  /** What is wrong with which value; paths begin with the response key of the root field. */
  readonly issues?: readonly InputIssue[];
  /** Of a violation: the fields that it is about, by their names in the API. */
  readonly fields?: readonly string[];
  /** In the answer: the response key of the root field that failed. */
  readonly path?: readonly (string | number)[];
}

/** A request that was refused for a reason that its sender may know: everything in it is for the client. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  readonly issues: readonly InputIssue[] | undefined;
  readonly fields: readonly string[] | undefined;
  readonly path: readonly (string | number)[] | undefined;

  constructor(
    code: RequestErrorCode,
    message: string,
    details: RequestErrorDetails & { readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.issues = details.issues;
    this.fields = details.fields;
    this.path = details.path;
  }
}
