import { ClientError, type CodeMeaning } from '../platform/errors/client-error.ts';

/**
 * Why an operation of a project's API could not be done. `CONFLICT` is the one that a retry may pass; it is not
 * transient, since the server is well and the answer keeps to the statuses of GraphQL over HTTP.
 */
export const operationCodes = {
  BAD_USER_INPUT: { status: 400, transient: false },
  NOT_FOUND: { status: 404, transient: false },
  UNIQUE_VIOLATION: { status: 409, transient: false },
  FOREIGN_KEY_VIOLATION: { status: 409, transient: false },
  CHECK_VIOLATION: { status: 400, transient: false },
  TOO_MANY_ROWS: { status: 400, transient: false },
  CONFLICT: { status: 409, transient: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type OperationCode = keyof typeof operationCodes;

/** Leads to a value in arguments or variables, or to a field in the response: `['data', 'title']`. */
export type ErrorPath = readonly (string | number)[];

/** What is wrong with one value that a client sent, and where. */
export interface InputIssue {
  readonly path: ErrorPath;
  readonly message: string;
}

/** Where an error belongs, and what it came from. */
export interface ErrorContext {
  /** The response key of the root field that failed. */
  readonly path?: ErrorPath | undefined;
  readonly cause?: unknown;
}

export interface OperationErrorDetails extends ErrorContext {
  /** What is wrong with which value. */
  readonly issues?: readonly InputIssue[];
  /** The fields that a violation is about, by their names in the API. */
  readonly fields?: readonly string[];
}

/** An operation that a project's API refuses; everything in it is for the client. */
export class OperationError<Code extends OperationCode = OperationCode> extends ClientError<Code> {
  override readonly name = 'OperationError';
  readonly issues: readonly InputIssue[] | undefined;
  readonly fields: readonly string[] | undefined;

  constructor(
    code: Code,
    message: string,
    { issues, fields, ...context }: OperationErrorDetails = {},
  ) {
    const extensions = {
      ...(issues === undefined ? {} : { issues }),
      ...(fields === undefined ? {} : { fields }),
    };
    super(code, message, operationCodes[code], { ...context, extensions });
    this.issues = issues;
    this.fields = fields;
  }
}

/** Narrows to the codes of the table, which `instanceof` leaves open. */
export function isOperationError(error: unknown): error is OperationError {
  return error instanceof OperationError;
}

type Issues = readonly [InputIssue, ...InputIssue[]];

/** The catalogue: every error that the engine throws for a client. */
export const operationErrors = {
  /** Arguments or variables that GraphQL's types allow and the API does not. The message defaults to the first issue's. */
  invalidInput: (
    issues: Issues,
    { message = issues[0].message, ...context }: ErrorContext & { readonly message?: string } = {},
  ) => new OperationError('BAD_USER_INPUT', message, { ...context, issues }),
  inputTooLarge: (path: ErrorPath, limit: number, what: string) =>
    invalid(path, `The arguments of one operation may have at most ${limit} ${what}.`),
  inputTooDeep: (path: ErrorPath, limit: number) =>
    invalid(path, `Arguments may have at most ${limit} levels.`),
  listTooLong: (path: ErrorPath, limit: number) =>
    invalid(path, `A list may have at most ${limit} values.`),
  tooManyRowsNamed: (path: ErrorPath, limit: number) =>
    invalid(path, `A request may name at most ${limit} rows. Send several requests.`),
  nullValue: (path: ErrorPath) =>
    invalid(path, 'Null is no value here: leave it out, or filter by isNull.'),
  absentVariable: (path: ErrorPath) => invalid(path, 'A variable without a value stands here.'),
  /** @param problem what is wrong with the value, as a sentence */
  badValue: (path: ErrorPath, problem: string) => invalid(path, problem),
  danglingEscape: (path: ErrorPath) =>
    invalid(path, 'A pattern must not end in a backslash that escapes nothing.'),
  severalOrderFields: (path: ErrorPath) =>
    invalid(path, 'Each entry of an order names exactly one field.'),
  firstAndLast: (path: ErrorPath) =>
    invalid(path, 'Either first or last: together they mean no page.'),
  offsetNotAlone: (path: ErrorPath) =>
    invalid(path, 'An offset goes with first alone, not with last or a cursor.'),
  numberOutOfRange: (path: ErrorPath, most: number) =>
    invalid(path, `This must be a number from 0 to ${most}.`),
  badCursor: (path: ErrorPath) => invalid(path, 'This is no cursor of a list in this order.'),

  notFound: (type: string, context: ErrorContext) =>
    new OperationError('NOT_FOUND', `There is no such ${type}.`, context),
  /** `connect` names a row that is not there. @param place of the value in the input */
  notConnected: (type: string, place: ErrorPath, context: ErrorContext) => {
    const message = `There is no such ${type} to connect.`;
    return new OperationError('NOT_FOUND', message, {
      ...context,
      issues: [{ path: place, message }],
    });
  },
  tooManyRows: (atMost: number, context: ErrorContext) =>
    new OperationError(
      'TOO_MANY_ROWS',
      `More than ${atMost} rows match, which is what atMost allows. Nothing was changed.`,
      context,
    ),
  /** @param place of the value in the input */
  sharedRow: (place: ErrorPath, context: ErrorContext) =>
    invalid(place, 'This row would have to belong to several rows at once.', context),
  conflict: (context: ErrorContext) =>
    new OperationError(
      'CONFLICT',
      'The request met another one that changed the same rows. Nothing was changed; send it again.',
      context,
    ),

  valueTooLongForIndex: (context: ErrorContext) =>
    invalid([], 'A value is too long for a key or an index that its field is in.', context),
  valueOutOfRange: (context: ErrorContext) =>
    invalid([], 'A value is none that its field can hold.', context),
  resultOutOfRange: (context: ErrorContext) =>
    new OperationError(
      'BAD_USER_INPUT',
      'A value that this query asks for is outside of the range of its type. Ask for fewer rows, or not for it.',
      context,
    ),
  missingValue: (field: string, context: ErrorContext) =>
    new OperationError(
      'CHECK_VIOLATION',
      `A row would be left without its ${field}, which is required.`,
      { ...context, fields: [field] },
    ),
  constraintViolated: (type: string, fields: readonly string[], context: ErrorContext) =>
    new OperationError(
      'CHECK_VIOLATION',
      `The constraint of ${type}.${inWords(fields)} does not allow this value.`,
      { ...context, fields },
    ),
  notUnique: (type: string, fields: readonly string[], context: ErrorContext) =>
    new OperationError(
      'UNIQUE_VIOLATION',
      `There is another ${type} with the same ${inWords(fields)}.`,
      { ...context, fields },
    ),
  stillReferenced: (type: string, inverseField: string, context: ErrorContext) =>
    new OperationError(
      'FOREIGN_KEY_VIOLATION',
      `There are still ${inverseField} that hold this ${type}.`,
      { ...context, fields: [inverseField] },
    ),
  /** Names no type that the caller may not read. */
  stillReferencedByOthers: (type: string, context: ErrorContext) =>
    new OperationError(
      'FOREIGN_KEY_VIOLATION',
      `This ${type}, or a row that would be deleted with it, is still held by others.`,
      { ...context, fields: [] },
    ),
  missingReference: (type: string, owningField: string, context: ErrorContext) =>
    new OperationError('FOREIGN_KEY_VIOLATION', `There is no ${type} with this ${owningField}.`, {
      ...context,
      fields: [owningField],
    }),
} as const;

/** The same error, at the root field that it belongs to. */
export function atPath(error: OperationError, path: ErrorPath): OperationError {
  const { code, message, issues, fields } = error;
  return new OperationError(code, message, {
    path,
    cause: error,
    ...(issues === undefined ? {} : { issues }),
    ...(fields === undefined ? {} : { fields }),
  });
}

/** The texts of issues that several places report. */
export const issueTexts = {
  notNull: 'This must not be null.',
  required: 'This is required.',
  oneOf: (key: string, relation: string) => `Give ${key} or ${relation}, not both.`,
} as const;

function invalid(path: ErrorPath, message: string, context: ErrorContext = {}) {
  return new OperationError('BAD_USER_INPUT', message, { ...context, issues: [{ path, message }] });
}

function inWords(fields: readonly string[]): string {
  return fields.length < 2
    ? fields.join()
    : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1) ?? ''}`;
}
