import type { DocumentCode } from '../../graphql/document-error.ts';
import { RequestError, type RequestCode } from '../../platform/errors/request-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import {
  AlreadyInvitedError,
  AlreadyMemberError,
  ConfirmationMismatchError,
  EmailNotVerifiedError,
  EmailTakenError,
  InvalidCredentialsError,
  InvalidTokenError,
  KeyNotActiveError,
  LastOwnerError,
  LimitReachedError,
  NotFoundError,
  RegistrationClosedError,
  SlugTakenError,
  ValidationError,
  WrongAccountError,
  type ExpectedCode,
  type SessionEnd,
  type ValidationIssue,
} from './expected-error.ts';

/** The error codes of the control plane's API. */
export type ControlPlaneCode = RequestCode | DocumentCode | ExpectedCode;

/** Every error that the control plane throws for clients, except those in `schemaErrors`. */
export const errors = {
  validation: (issues: readonly ValidationIssue[]) => new ValidationError(issues),
  invalid: (path: string, message: string) => new ValidationError([{ path: [path], message }]),
  refreshTokenStaysInCookie: () =>
    new ValidationError([
      {
        path: ['tokenDelivery'],
        message:
          'The refresh token was sent in a cookie, so it can be returned only in a cookie. Set tokenDelivery to COOKIE.',
      },
    ]),

  notFound: (what: string) =>
    new NotFoundError(`The ${what} does not exist, or you do not have access to it.`),
  emailTaken: () =>
    new EmailTakenError(
      'An account with this email address already exists. Sign in, or reset the password.',
    ),
  /** The same error for new addresses and for those that already have an account. */
  verifyEmailToFinish: (email: string) =>
    new EmailNotVerifiedError(
      `Check the inbox of ${email} and open the link in our email to finish the registration.`,
    ),
  emailNotVerified: () =>
    new EmailNotVerifiedError(
      'Verify your email address before you sign in: open the link in our email, or request a new one.',
    ),
  invitationNeeded: () =>
    new RegistrationClosedError(
      'Registration requires an invitation. Open the link in your invitation email, and use the address that it was sent to.',
    ),
  registrationClosed: () =>
    new RegistrationClosedError('Registration is closed. Ask the operator for an account.'),
  slugTaken: (slug: string) =>
    new SlugTakenError(`The slug "${slug}" is already taken. Choose another one, or omit it.`),
  invalidCredentials: () => new InvalidCredentialsError('The email address or password is wrong.'),
  wrongPassword: () => new InvalidCredentialsError('The current password is wrong.'),
  invalidToken: (what: 'refresh token' | 'reset link' | 'verification link' | 'invitation') =>
    new InvalidTokenError(`This ${what} is invalid or expired. ${renewal[what]}`),
  sessionEnded: (end: SessionEnd) => new InvalidTokenError(sessionEndMessages[end], end),
  lastOwner: () =>
    new LastOwnerError(
      'An organization must have at least one owner. Make another member an owner first.',
    ),
  alreadyMember: (email: string) =>
    new AlreadyMemberError(`${email} is already a member of this organization.`),
  alreadyInvited: (email: string) =>
    new AlreadyInvitedError(
      `${email} already has an open invitation. Revoke it before you send another one.`,
    ),
  wrongAccount: () =>
    new WrongAccountError(
      'This invitation was sent to a different email address. Sign in to the account with that address.',
    ),
  confirmationMismatch: (what: string) =>
    new ConfirmationMismatchError(`To delete this ${what}, enter its exact name.`),
  // Thrown when a key cannot be changed or rotated. A request that authenticates with an invalid key gets
  // `requestErrors.credentialNotValid`.
  rotatesRotatedKey: () =>
    new KeyNotActiveError('This API key was already rotated. Rotate the key that replaced it.'),
  changesExpiredKey: () => new KeyNotActiveError('This API key has expired and cannot be changed.'),
  changesRevokedKey: () => new KeyNotActiveError('This API key is revoked and cannot be changed.'),
  limitReached: (what: string, limit: number) =>
    new LimitReachedError(`Limit reached: at most ${limit} ${what}.`),

  unauthenticated: () =>
    requestErrors.unauthenticated('Authentication is required. Sign in, or send an API key.'),
  forbidden: () => requestErrors.forbidden('Your role or scopes do not allow this action.'),
  notForApiKeys: () =>
    requestErrors.forbidden('API keys cannot perform this action. Sign in as a user.'),
  publishableKey: () =>
    requestErrors.forbidden(
      "A publishable key works only on its project's own API, at /p/<ref>/graphql. Sign in, or use a secret key (tsk_…).",
    ),
  ownersOnly: () => requestErrors.forbidden('Only an owner can add, change or remove an owner.'),
  conflict: requestErrors.conflict,

  pageSizeOutOfRange: (name: 'first' | 'last', limit: number) =>
    new RequestError(
      'BAD_USER_INPUT',
      `"${name}" must be between 0 and ${limit}. Use cursors to get more items.`,
    ),
  firstAndLast: () => new RequestError('BAD_USER_INPUT', 'Use "first" or "last", not both.'),
  firstWithBefore: () =>
    new RequestError(
      'BAD_USER_INPUT',
      '"before" cannot be used with "first". Use "after" with "first", or "before" with "last".',
    ),
  lastWithAfter: () =>
    new RequestError(
      'BAD_USER_INPUT',
      '"after" cannot be used with "last". Use "before" with "last", or "after" with "first".',
    ),
  badCursor: () =>
    new RequestError('BAD_USER_INPUT', 'Invalid cursor. Use a cursor from an earlier response.'),
  daysOutOfRange: (limit: number) =>
    new RequestError('BAD_USER_INPUT', `"days" must be between 1 and ${limit}.`),
} as const;

const sessionEndMessages: Readonly<Record<SessionEnd, string>> = {
  EXPIRED: 'This session has expired. Sign in again.',
  REVOKED:
    'This session was ended, for example on another device or because the password was changed. Sign in again.',
  REUSED:
    'This session was ended because a refresh token was used twice. The token may have been stolen. Sign in again.',
};

const renewal = {
  'refresh token': 'Sign in again.',
  'reset link': 'Request a new one.',
  'verification link': 'Request a new one.',
  invitation: 'Ask an administrator of the organization for a new one.',
} as const;
