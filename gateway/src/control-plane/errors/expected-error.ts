import {
  ClientError,
  type ClientErrorOptions,
  type CodeMeaning,
} from '../../platform/errors/client-error.ts';

/** What the enum `ErrorCode` of the control plane's API can be. */
export const expectedCodes = {
  VALIDATION_FAILED: { status: 400, transient: false },
  NOT_FOUND: { status: 404, transient: false },
  EMAIL_TAKEN: { status: 400, transient: false },
  SLUG_TAKEN: { status: 400, transient: false },
  INVALID_CREDENTIALS: { status: 400, transient: false },
  INVALID_TOKEN: { status: 400, transient: false },
  LAST_OWNER: { status: 400, transient: false },
  ALREADY_MEMBER: { status: 400, transient: false },
  ALREADY_INVITED: { status: 400, transient: false },
  WRONG_ACCOUNT: { status: 400, transient: false },
  CONFIRMATION_MISMATCH: { status: 400, transient: false },
  KEY_NOT_ACTIVE: { status: 400, transient: false },
  LIMIT_REACHED: { status: 400, transient: false },
  INVALID_SCHEMA: { status: 400, transient: false },
  STALE_PLAN: { status: 400, transient: false },
  HAZARD_NOT_ACCEPTED: { status: 400, transient: false },
  SCHEMA_NOT_APPLIED: { status: 400, transient: false },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type ExpectedCode = keyof typeof expectedCodes;

/**
 * A failure that a caller should expect and can act on. In the control plane's API each is a member of a mutation's
 * result union, behind `interface Error { message code }`.
 */
export abstract class ExpectedError<
  Code extends ExpectedCode = ExpectedCode,
> extends ClientError<Code> {
  constructor(code: Code, message: string, options: ClientErrorOptions = {}) {
    super(code, message, expectedCodes[code], options);
  }
}

/** One thing wrong with an input. `path` leads to it from the input object: `['scopes', '1']`. */
export interface ValidationIssue {
  readonly path: readonly string[];
  readonly message: string;
}

export class ValidationError extends ExpectedError<'VALIDATION_FAILED'> {
  override readonly name = 'ValidationError';
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    const message =
      issues.length === 1
        ? (issues[0]?.message ?? 'The input is not valid.')
        : `The input is not valid in ${issues.length} places.`;
    super('VALIDATION_FAILED', message, { extensions: { issues } });
    this.issues = issues;
  }
}

interface PlainErrorClass<Code extends ExpectedCode = ExpectedCode> {
  /** Of its GraphQL type. */
  readonly typeName: string;
  new (message: string): ExpectedError<Code>;
}

const plainErrorClasses: PlainErrorClass[] = [];

/** The errors that have only a message and a code. Each is defined by one line below. */
export const plainErrors: readonly PlainErrorClass[] = plainErrorClasses;

export const AlreadyInvitedError = plainError('ALREADY_INVITED');
export const AlreadyMemberError = plainError('ALREADY_MEMBER');
/** The name that was typed to confirm a deletion is not the thing's name. */
export const ConfirmationMismatchError = plainError('CONFIRMATION_MISMATCH');
export const EmailTakenError = plainError('EMAIL_TAKEN');
export const InvalidCredentialsError = plainError('INVALID_CREDENTIALS');
/** A refresh, reset, verification or invitation token that is unknown, used, revoked or too old. */
export const InvalidTokenError = plainError('INVALID_TOKEN');
/** The API key is revoked, expired, or was rotated before. */
export const KeyNotActiveError = plainError('KEY_NOT_ACTIVE');
export const LastOwnerError = plainError('LAST_OWNER');
/** There are already as many of these as there may be. */
export const LimitReachedError = plainError('LIMIT_REACHED');
/** Says the same whether the thing is another tenant's or does not exist. */
export const NotFoundError = plainError('NOT_FOUND');
export const SlugTakenError = plainError('SLUG_TAKEN');
/** The invitation was sent to another address than the signed-in user's. */
export const WrongAccountError = plainError('WRONG_ACCOUNT');

/**
 * A class of its own for each code, because the GraphQL type of an error is found by its class. The name of class and
 * type comes from the code: `NOT_FOUND` is `NotFoundError`.
 */
function plainError<Code extends ExpectedCode>(code: Code): PlainErrorClass<Code> {
  const name = `${pascalCase(code)}Error`;
  const errorClass = class extends ExpectedError<Code> {
    static readonly typeName = name;
    override readonly name = name;

    constructor(message: string) {
      super(code, message);
    }
  };
  plainErrorClasses.push(errorClass);
  return errorClass;
}

function pascalCase(code: string): string {
  return code
    .toLowerCase()
    .replace(/(?:^|_)(.)/g, (_match, letter: string) => letter.toUpperCase());
}
