import {
  ClientError,
  type ClientErrorOptions,
  type CodeMeaning,
} from '../../platform/errors/client-error.ts';

/** The values of the enum `ErrorCode` in the control plane's API. */
export const expectedCodes = {
  VALIDATION_FAILED: { status: 400, transient: false },
  NOT_FOUND: { status: 404, transient: false },
  EMAIL_TAKEN: { status: 400, transient: false },
  EMAIL_NOT_VERIFIED: { status: 403, transient: false },
  REGISTRATION_CLOSED: { status: 403, transient: false },
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
 * An expected failure that a client can handle. In the control plane's API, each one is a member of a mutation's result
 * union and implements `interface Error { message code }`.
 */
export abstract class ExpectedError<
  Code extends ExpectedCode = ExpectedCode,
> extends ClientError<Code> {
  constructor(code: Code, message: string, options: ClientErrorOptions = {}) {
    super(code, message, expectedCodes[code], options);
  }
}

/** A problem with one value in an input. `path` leads from the input object to the value: `['scopes', '1']`. */
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
        ? (issues[0]?.message ?? 'The input is invalid.')
        : `The input has ${issues.length} problems.`;
    super('VALIDATION_FAILED', message, { extensions: { issues } });
    this.issues = issues;
  }
}

/** The reasons that a session has ended. `REUSED`: a refresh token was used again after its exchange. */
export type SessionEnd = 'EXPIRED' | 'REVOKED' | 'REUSED';

/** A refresh, reset, verification or invitation token is unknown, used, revoked or expired. */
export class InvalidTokenError extends ExpectedError<'INVALID_TOKEN'> {
  override readonly name = 'InvalidTokenError';
  /** Null if the token is not a refresh token, or belongs to no session that is known. */
  readonly sessionEnd: SessionEnd | null;

  constructor(message: string, sessionEnd: SessionEnd | null = null) {
    super('INVALID_TOKEN', message);
    this.sessionEnd = sessionEnd;
  }
}

interface PlainErrorClass<Code extends ExpectedCode = ExpectedCode> {
  /** The name of the GraphQL type. */
  readonly typeName: string;
  new (message: string): ExpectedError<Code>;
}

const plainErrorClasses: PlainErrorClass[] = [];

/** The error classes that have only a message and a code. Each one is defined below with `plainError`. */
export const plainErrors: readonly PlainErrorClass[] = plainErrorClasses;

export const AlreadyInvitedError = plainError('ALREADY_INVITED');
export const AlreadyMemberError = plainError('ALREADY_MEMBER');
/** The name that was entered to confirm a deletion does not match the resource's name. */
export const ConfirmationMismatchError = plainError('CONFIRMATION_MISMATCH');
/** The account cannot be used until its email address has been verified with a link that was mailed to it. */
export const EmailNotVerifiedError = plainError('EMAIL_NOT_VERIFIED');
export const EmailTakenError = plainError('EMAIL_TAKEN');
export const InvalidCredentialsError = plainError('INVALID_CREDENTIALS');
/** The API key is revoked or expired, or was already rotated. */
export const KeyNotActiveError = plainError('KEY_NOT_ACTIVE');
export const LastOwnerError = plainError('LAST_OWNER');
/** The maximum number of these resources already exists. */
export const LimitReachedError = plainError('LIMIT_REACHED');
/** Does not reveal whether the resource is missing or belongs to another tenant. */
export const NotFoundError = plainError('NOT_FOUND');
/** The setting REGISTRATION does not allow this registration. */
export const RegistrationClosedError = plainError('REGISTRATION_CLOSED');
export const SlugTakenError = plainError('SLUG_TAKEN');
/** The invitation was not sent to the signed-in user's address. */
export const WrongAccountError = plainError('WRONG_ACCOUNT');

/**
 * Defines an error class for a code, because Pothos looks up an error's GraphQL type by its class. The class and the
 * type are named after the code: `NOT_FOUND` becomes `NotFoundError`.
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
