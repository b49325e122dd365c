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
  type ValidationIssue,
} from './expected-error.ts';
import { Refusal } from './refusal.ts';

/** The catalogue: every failure that Tessera tells a client of, and its words. */
export const errors = {
  validation: (issues: readonly ValidationIssue[]) => new ValidationError(issues),
  invalid: (path: string, message: string) => new ValidationError([{ path: [path], message }]),

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
  keyNotActive: (why: string) => new KeyNotActiveError(`This API key ${why}.`),
  limitReached: (what: string, limit: number) =>
    new LimitReachedError(`There can be at most ${limit} ${what}.`),

  unauthenticated: (message = 'Sign in, or send an API key.') =>
    new Refusal('UNAUTHENTICATED', message, {
      headers: { 'www-authenticate': 'Bearer realm="tessera"' },
    }),
  forbidden: (message = 'Your role or scopes do not allow this.') =>
    new Refusal('FORBIDDEN', message),
  rateLimited: (retryAfterSeconds: number) =>
    new Refusal('RATE_LIMITED', 'Too many tries. Wait a little and try again.', {
      retryAfterSeconds,
    }),
  overloaded: (retryAfterSeconds = 1) =>
    new Refusal('OVERLOADED', 'The server is busy. Try again in a moment.', { retryAfterSeconds }),
  requestTimedOut: () =>
    new Refusal(
      'TIMEOUT',
      'The request took longer than it may. Ask for less at a time, or filter by what has an index.',
    ),
  connectionLost: () =>
    new Refusal(
      'OVERLOADED',
      'The connection to the database was lost. What the request changed, if anything, is not known.',
      { retryAfterSeconds: 1 },
    ),
  badUserInput: (message: string) => new Refusal('BAD_USER_INPUT', message),
  conflict: () =>
    new Refusal('CONFLICT', 'Another change came in between. Look at it, then try again.'),
  schemaLocked: () =>
    new Refusal(
      'SCHEMA_LOCKED',
      'The data is in use or its schema is being changed. Nothing was changed; try again.',
      { retryAfterSeconds: 2 },
    ),
  schemaTimedOut: () =>
    new Refusal(
      'TIMEOUT',
      'A step over the data took too long. Nothing was changed; try again when there is less to do.',
    ),
} as const;

const renewal = {
  'refresh token': 'Sign in again.',
  'reset link': 'Ask for a new one.',
  'verification link': 'Ask for a new one.',
  invitation: 'Ask an administrator of the organization for a new one.',
} as const;

/** The end of a `switch` over a union: a new member becomes a type error here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}
