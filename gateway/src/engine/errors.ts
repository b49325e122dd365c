import { countOf } from '../platform/count-of.ts';
import { ClientError, type CodeMeaning } from '../platform/errors/client-error.ts';

/**
 * Why an operation in a project's API failed. Only a request that failed with `CONFLICT` can succeed on a retry.
 * `CONFLICT` is not marked as transient, because the server is healthy and the status code is the one that GraphQL over
 * HTTP specifies.
 */
export const operationCodes = {
  BAD_USER_INPUT: { status: 400, transient: false },
  FORBIDDEN: { status: 403, transient: false },
  NOT_FOUND: { status: 404, transient: false },
  UNIQUE_VIOLATION: { status: 409, transient: false },
  FOREIGN_KEY_VIOLATION: { status: 409, transient: false },
  CHECK_VIOLATION: { status: 400, transient: false },
  TOO_MANY_ROWS: { status: 400, transient: false },
  ANSWER_TOO_LARGE: { status: 400, transient: false },
  STORAGE_FULL: { status: 409, transient: false },
  KEYS_EXHAUSTED: { status: 409, transient: false },
  CONFLICT: { status: 409, transient: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type OperationCode = keyof typeof operationCodes;

/** The path to a value in arguments or variables, or to a field in the response: `['data', 'title']`. */
export type ErrorPath = readonly (string | number)[];

/** A problem with one input value, and the path to that value. */
export interface InputIssue {
  readonly path: ErrorPath;
  readonly message: string;
}

/** Where an error occurred, and its cause. */
export interface ErrorContext {
  /** The response key of the root field that failed. */
  readonly path?: ErrorPath | undefined;
  readonly cause?: unknown;
}

export interface OperationErrorDetails extends ErrorContext {
  /** The problems, one for each invalid value. */
  readonly issues?: readonly InputIssue[];
  /** The API names of the fields that violate a constraint. */
  readonly fields?: readonly string[];
}

/** An error that a project's API returns for an operation. The client receives all of its contents. */
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

/** Like `instanceof`, but also narrows the error's code to the codes in `operationCodes`. */
export function isOperationError(error: unknown): error is OperationError {
  return error instanceof OperationError;
}

/** The name of the argument or input field at a path. Numbers in a path are list indexes. */
const nameAt = (path: ErrorPath): string =>
  path.filter((part) => typeof part === 'string').at(-1) ?? 'an argument';

type Issues = readonly [InputIssue, ...InputIssue[]];

/** Creates the errors that the engine returns to clients. */
export const operationErrors = {
  /**
   * For arguments or variables that GraphQL's types allow but the API rejects. The default for `message` is the message
   * of the first issue.
   */
  invalidInput: (
    issues: Issues,
    { message = issues[0].message, ...context }: ErrorContext & { readonly message?: string } = {},
  ) => new OperationError('BAD_USER_INPUT', message, { ...context, issues }),
  inputTooLarge: (path: ErrorPath, limit: number, what: string) =>
    invalid(
      path,
      `An operation's arguments can contain at most ${limit} ${what}. Split it into several requests.`,
    ),
  rulesTooLarge: (limit: number, what: string) =>
    invalid(
      [],
      `The access rules for the rows of this operation contain more than ${limit} ${what}. Select fewer relations, or split the operation into several requests.`,
    ),
  inputTooDeep: (path: ErrorPath, limit: number) =>
    invalid(path, `Arguments can be nested at most ${limit} levels deep. Use fewer levels.`),
  listTooLong: (path: ErrorPath, limit: number) =>
    invalid(path, `A list can contain at most ${limit} values. Split it into several requests.`),
  tooManyRowsNamed: (path: ErrorPath, limit: number) =>
    invalid(
      path,
      `The mutations in one request can contain at most ${limit} rows. Split them into several requests.`,
    ),
  nullValue: (path: ErrorPath) =>
    invalid(path, 'Null is not allowed here. Omit this value, or use isNull to filter by null.'),
  absentVariable: (path: ErrorPath) =>
    invalid(path, `The variable for ${nameAt(path)} has no value.`),
  /** @param problem what is wrong with the value, as a sentence */
  badValue: (path: ErrorPath, problem: string) => invalid(path, problem),
  danglingEscape: (path: ErrorPath) =>
    invalid(path, 'A pattern must not end with an unescaped backslash.'),
  severalOrderFields: (path: ErrorPath) =>
    invalid(path, 'Each entry of orderBy must name exactly one field.'),
  firstAndLast: (path: ErrorPath) => invalid(path, 'Use either first or last, not both.'),
  offsetNotAlone: (path: ErrorPath) =>
    invalid(path, 'An offset can be combined with first, but not with last or a cursor.'),
  /** For the size of a page, or the number of rows to skip. */
  numberOutOfRange: (path: ErrorPath, most: number) =>
    invalid(
      path,
      `${nameAt(path)} must be a whole number from 0 to ${most}. Use cursors to get more rows.`,
    ),
  badCursor: (path: ErrorPath) =>
    invalid(path, 'Invalid cursor. Use a cursor from this list with the same orderBy.'),

  /** An access rule of the type does not permit the write. The message does not contain the rule. */
  forbidden: (
    operation: 'create' | 'update',
    type: string,
    context: ErrorContext = {},
    place?: ErrorPath,
  ) => {
    const message = `The access rules of this project do not allow you to ${operation} this ${type}.`;
    return new OperationError('FORBIDDEN', message, {
      ...context,
      ...(place === undefined ? {} : { issues: [{ path: place, message }] }),
    });
  },
  /** `createMe` by a caller whose token does not identify a row of the `@user` model. */
  noIdentity: (type: string) =>
    new OperationError('FORBIDDEN', `Your token does not identify a ${type} of this project.`),
  /** `createMe` by a caller whose token has no verified address, for a model that requires one. */
  noVerifiedEmail: (type: string) =>
    new OperationError(
      'FORBIDDEN',
      `A ${type} needs an email address, but your token has no verified one. Verify your address and sign in again.`,
    ),
  notFound: (type: string, context: ErrorContext) =>
    new OperationError('NOT_FOUND', `There is no such ${type}.`, context),
  /** `connect` identifies a row that does not exist. @param place the path to the value in the input */
  notConnected: (type: string, place: ErrorPath, context: ErrorContext) => {
    const message = `Cannot connect: there is no such ${type}.`;
    return new OperationError('NOT_FOUND', message, {
      ...context,
      issues: [{ path: place, message }],
    });
  },
  tooManyRows: (atMost: number, context: ErrorContext) =>
    new OperationError(
      'TOO_MANY_ROWS',
      `More than ${countOf(atMost, 'row matches', 'rows match')}, which exceeds atMost. Nothing was changed.`,
      context,
    ),
  /** @param limit in bytes */
  answerTooLarge: (limit: number) =>
    new OperationError(
      'ANSWER_TOO_LARGE',
      `The response would be larger than ${Math.floor(limit / 1_048_576)} MiB. Nothing was changed. Use first to request fewer rows, or select fewer fields.`,
    ),
  storageFull: (context: ErrorContext) =>
    new OperationError(
      'STORAGE_FULL',
      'The project has reached its maximum size. Only reads and deletions are possible. Delete rows, or ask the operator for more space.',
      context,
    ),
  /** @param place the path to the value in the input */
  sharedRow: (place: ErrorPath, context: ErrorContext) =>
    invalid(place, 'This row cannot be connected to more than one row.', context),
  /** `create` in an upsert connects another row than `where` contains. @param place the path to the value in the input */
  otherRow: (place: ErrorPath, context: ErrorContext) =>
    invalid(place, 'This is not the row in where. Connect the same row, or omit it.', context),
  /**
   * A foreign key references a field that is null in the row. @param place the path to the row in the input
   */
  notReferable: (type: string, field: string, place: ErrorPath) =>
    invalid(
      place,
      `A ${type} without ${field} cannot be connected, because the relation references its ${field}. Set ${field} first.`,
      { path: place.slice(0, 1) },
    ),
  /** @param types the types whose sequences might have no more numbers */
  keysExhausted: (types: readonly string[], context: ErrorContext) =>
    new OperationError(
      'KEYS_EXHAUSTED',
      `There are no more numbers for new rows of ${inWords(types)}: the largest one has been used. Bring a number that is not used, or change the type of the key to BigInt.`,
      context,
    ),
  conflict: (context: ErrorContext) =>
    new OperationError(
      'CONFLICT',
      'A concurrent request changed the same rows. Nothing was changed. Send the request again.',
      context,
    ),

  valueTooLongForIndex: (context: ErrorContext) =>
    invalid([], 'A value is too long for a key or index that contains its field.', context),
  valueOutOfRange: (context: ErrorContext) =>
    invalid([], 'The value is out of range for its field.', context),
  resultOutOfRange: (context: ErrorContext) =>
    new OperationError(
      'BAD_USER_INPUT',
      'A result is out of range for its type. Select fewer rows, or omit this field.',
      context,
    ),
  missingValue: (field: string, context: ErrorContext) =>
    new OperationError('CHECK_VIOLATION', `The field ${field} is required and cannot be null.`, {
      ...context,
      fields: [field],
    }),
  constraintViolated: (type: string, fields: readonly string[], context: ErrorContext) =>
    new OperationError(
      'CHECK_VIOLATION',
      `The value violates the constraint on ${[type, ...(fields.length === 0 ? [] : [inWords(fields)])].join('.')}.`,
      { ...context, fields },
    ),
  notUnique: (type: string, fields: readonly string[], context: ErrorContext) =>
    new OperationError(
      'UNIQUE_VIOLATION',
      `Another ${type} with the same ${fields.length === 0 ? 'values' : inWords(fields)} already exists.`,
      { ...context, fields },
    ),
  /** The key is the foreign key of a required relation, so the existing row cannot be disconnected. */
  alreadyTaken: (type: string, field: string, fields: readonly string[], context: ErrorContext) =>
    new OperationError(
      'UNIQUE_VIOLATION',
      `Another ${type} already has this ${field}, and its ${field} is required. Delete that ${type} or change its ${field} first.`,
      { ...context, fields },
    ),
  stillReferenced: (type: string, inverseField: string, context: ErrorContext) =>
    new OperationError(
      'FOREIGN_KEY_VIOLATION',
      `This ${type} is still referenced by its ${inverseField}.`,
      { ...context, fields: [inverseField] },
    ),
  /** The message does not name the referencing type, which the caller might not be allowed to read. */
  stillReferencedByOthers: (type: string, context: ErrorContext) =>
    new OperationError(
      'FOREIGN_KEY_VIOLATION',
      `This ${type}, or a row that would be deleted with it, is still referenced by other rows.`,
      { ...context, fields: [] },
    ),
  missingReference: (type: string, owningField: string, context: ErrorContext) =>
    new OperationError('FOREIGN_KEY_VIOLATION', `There is no ${type} with this ${owningField}.`, {
      ...context,
      fields: [owningField],
    }),
} as const;

/** Returns a copy of the error with the path to its root field. */
export function atPath(error: OperationError, path: ErrorPath): OperationError {
  const { code, message, issues, fields } = error;
  return new OperationError(code, message, {
    path,
    cause: error,
    ...(issues === undefined ? {} : { issues }),
    ...(fields === undefined ? {} : { fields }),
  });
}

/** Returns a copy of the error with the path to the row in the input that caused it. */
export function atRow(error: OperationError, place: ErrorPath): OperationError {
  const { code, message, path, cause, fields } = error;
  return new OperationError(code, message, {
    path,
    cause,
    issues: [{ path: place, message }],
    ...(fields === undefined ? {} : { fields }),
  });
}

/** Messages for issues that several functions report. */
export const issueTexts = {
  notNull: 'This must not be null.',
  required: 'This is required.',
  oneOf: (key: string, relation: string) => `Specify either ${key} or ${relation}, not both.`,
} as const;

function invalid(path: ErrorPath, message: string, context: ErrorContext = {}) {
  return new OperationError('BAD_USER_INPUT', message, { ...context, issues: [{ path, message }] });
}

function inWords(fields: readonly string[]): string {
  return fields.length < 2
    ? fields.join()
    : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1) ?? ''}`;
}
