/**
 * Failures that a caller should expect and can act on. In the management API each is a member of a
 * mutation's result union, behind `interface Error { message code }`.
 */
export const expectedErrorCodes = [
  'VALIDATION_FAILED',
  'NOT_FOUND',
  'EMAIL_TAKEN',
  'SLUG_TAKEN',
  'INVALID_CREDENTIALS',
  'INVALID_TOKEN',
  'LAST_OWNER',
  'ALREADY_MEMBER',
  'ALREADY_INVITED',
  'WRONG_ACCOUNT',
  'CONFIRMATION_MISMATCH',
  'KEY_NOT_ACTIVE',
  'LIMIT_REACHED',
  'INVALID_SCHEMA',
  'STALE_PLAN',
  'HAZARD_NOT_ACCEPTED',
  'SCHEMA_NOT_APPLIED',
] as const;

export type ExpectedErrorCode = (typeof expectedErrorCodes)[number];

export abstract class ExpectedError extends Error {
  abstract readonly code: ExpectedErrorCode;
}

/** One thing wrong with an input. `path` leads to it from the input object: `['scopes', '1']`. */
export interface ValidationIssue {
  readonly path: readonly string[];
  readonly message: string;
}

export class ValidationError extends ExpectedError {
  override readonly name = 'ValidationError';
  readonly code = 'VALIDATION_FAILED';
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(
      issues.length === 1
        ? (issues[0]?.message ?? 'The input is not valid.')
        : `The input is not valid in ${issues.length} places.`,
    );
    this.issues = issues;
  }
}

/** Says the same whether the thing is another tenant's or does not exist. */
export class NotFoundError extends ExpectedError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
}

export class EmailTakenError extends ExpectedError {
  override readonly name = 'EmailTakenError';
  readonly code = 'EMAIL_TAKEN';
}

export class SlugTakenError extends ExpectedError {
  override readonly name = 'SlugTakenError';
  readonly code = 'SLUG_TAKEN';
}

export class InvalidCredentialsError extends ExpectedError {
  override readonly name = 'InvalidCredentialsError';
  readonly code = 'INVALID_CREDENTIALS';
}

/** A refresh, reset, verification or invitation token that is unknown, used, revoked or too old. */
export class InvalidTokenError extends ExpectedError {
  override readonly name = 'InvalidTokenError';
  readonly code = 'INVALID_TOKEN';
}

export class LastOwnerError extends ExpectedError {
  override readonly name = 'LastOwnerError';
  readonly code = 'LAST_OWNER';
}

export class AlreadyMemberError extends ExpectedError {
  override readonly name = 'AlreadyMemberError';
  readonly code = 'ALREADY_MEMBER';
}

export class AlreadyInvitedError extends ExpectedError {
  override readonly name = 'AlreadyInvitedError';
  readonly code = 'ALREADY_INVITED';
}

/** The invitation was sent to another address than the signed-in user's. */
export class WrongAccountError extends ExpectedError {
  override readonly name = 'WrongAccountError';
  readonly code = 'WRONG_ACCOUNT';
}

/** The name that was typed to confirm a deletion is not the thing's name. */
export class ConfirmationMismatchError extends ExpectedError {
  override readonly name = 'ConfirmationMismatchError';
  readonly code = 'CONFIRMATION_MISMATCH';
}

/** The API key is revoked, expired, or was rotated before. */
export class KeyNotActiveError extends ExpectedError {
  override readonly name = 'KeyNotActiveError';
  readonly code = 'KEY_NOT_ACTIVE';
}

/** There are already as many of these as there may be. */
export class LimitReachedError extends ExpectedError {
  override readonly name = 'LimitReachedError';
  readonly code = 'LIMIT_REACHED';
}
