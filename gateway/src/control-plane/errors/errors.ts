import type { DocumentCode } from '../../graphql/document-error.ts';
import { RequestError, type RequestCode } from '../../platform/errors/request-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import {
  AlreadyInvitedError,
  AlreadyMemberError,
  ConfirmationMismatchError,
  EmailTakenError,
  InvalidCredentialsError,
  InvalidTokenError,
  KeyNotActiveError,
  LastOwnerError,
  LimitReachedError,
  NotFoundError,
  SlugTakenError,
  ValidationError,
  WrongAccountError,
  type ExpectedCode,
  type ValidationIssue,
} from './expected-error.ts';

/** What the code of an error can be in the control plane's API. */
export type ControlPlaneCode = RequestCode | DocumentCode | ExpectedCode;

/** The catalogue: every error that the control plane throws for a client, but for those in `schemaErrors`. */
export const errors = {
  validation: (issues: readonly ValidationIssue[]) => new ValidationError(issues),
  invalid: (path: string, message: string) => new ValidationError([{ path: [path], message }]),
  refreshTokenStaysInCookie: () =>
    new ValidationError([
      {
        path: ['tokenDelivery'],
        message: 'A refresh token from a cookie goes back as a cookie.',
      },
    ]),

  notFound: (what: string) =>
    new NotFoundError(`There is no such ${what}, or it is not yours to see.`),
  emailTaken: () =>
    new EmailTakenError(
      'An account with this email address exists. Sign in, or reset its password.',
    ),
  slugTaken: (slug: string) =>
    new SlugTakenError(`The slug "${slug}" is taken. Choose another, or leave it out.`),
  invalidCredentials: () => new InvalidCredentialsError('The email address or password is wrong.'),
  wrongPassword: () => new InvalidCredentialsError('The current password is wrong.'),
  invalidToken: (what: 'refresh token' | 'reset link' | 'verification link' | 'invitation') =>
    new InvalidTokenError(`This ${what} is not valid any more. ${renewal[what]}`),
  lastOwner: () =>
    new LastOwnerError(
      'An organization keeps at least one owner. Make another member an owner first.',
    ),
  alreadyMember: (email: string) =>
    new AlreadyMemberError(`${email} is already a member of this organization.`),
  alreadyInvited: (email: string) =>
    new AlreadyInvitedError(`${email} has an open invitation. Revoke it to send another.`),
  wrongAccount: () =>
    new WrongAccountError(
      'This invitation was sent to another address. Sign in with that account.',
    ),
  confirmationMismatch: (what: string) =>
    new ConfirmationMismatchError(`To delete this ${what}, type its name exactly as it is.`),
  // For who changes a key. A request with a key that is not valid gets `requestErrors.credentialNotValid`.
  rotatesRotatedKey: () =>
    new KeyNotActiveError('This API key was rotated before; rotate its successor.'),
  changesExpiredKey: () => new KeyNotActiveError('This API key has expired.'),
  changesRevokedKey: () => new KeyNotActiveError('This API key is revoked.'),
  limitReached: (what: string, limit: number) =>
    new LimitReachedError(`There can be at most ${limit} ${what}.`),

  unauthenticated: () => requestErrors.unauthenticated('Sign in, or send an API key.'),
  forbidden: () => requestErrors.forbidden('Your role or scopes do not allow this.'),
  notForApiKeys: () =>
    requestErrors.forbidden('An API key works with its own project; sign in for this.'),
  ownersOnly: () => requestErrors.forbidden('Only an owner makes, changes or removes an owner.'),
  conflict: requestErrors.conflict,

  pageSizeOutOfRange: (name: 'first' | 'last', limit: number) =>
    new RequestError('BAD_USER_INPUT', `"${name}" is from 0 to ${limit}; page on with cursors.`),
  firstAndLast: () => new RequestError('BAD_USER_INPUT', 'Give "first" or "last", not both.'),
  firstWithBefore: () =>
    new RequestError('BAD_USER_INPUT', '"first" goes with "after"; "before" goes with "last".'),
  lastWithAfter: () =>
    new RequestError('BAD_USER_INPUT', '"last" goes with "before"; "after" goes with "first".'),
  badCursor: () => new RequestError('BAD_USER_INPUT', 'This cursor is not one of ours.'),
  daysOutOfRange: (limit: number) =>
    new RequestError('BAD_USER_INPUT', `Ask for 1 to ${limit} days.`),
} as const;

const renewal = {
  'refresh token': 'Sign in again.',
  'reset link': 'Ask for a new one.',
  'verification link': 'Ask for a new one.',
  invitation: 'Ask an administrator of the organization for a new one.',
} as const;
