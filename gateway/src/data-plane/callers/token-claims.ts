import type { JWTPayload } from 'jose';

import type { Subject } from '../../engine/runtime.ts';
import type { TrustedIssuer } from './access-settings.ts';
import { UserTokenError } from './token-problem.ts';

/** The longest text that can identify a user. */
const maxUserLength = 1_000;

/**
 * Returns the caller whom a verified token describes. Only the claims that the settings map are in the result.
 * @throws UserTokenError if the token does not identify a user
 */
export function subjectOf(payload: JWTPayload, issuer: TrustedIssuer): Subject {
  const verifiedEmail = verifiedEmailOf(payload);
  // Otherwise, a person could register with another person's address and get that person's rows.
  if (issuer.userClaim === 'email' && verifiedEmail === null) throw new UserTokenError('email');
  return {
    audience: 'USER',
    user: { field: issuer.userField, value: userOf(payload, issuer) },
    claims: claimsOf(payload, issuer),
    verifiedEmail,
  };
}

function verifiedEmailOf(payload: JWTPayload): string | null {
  const email = memberOf(payload, 'email');
  const isVerified = memberOf(payload, 'email_verified') === true;
  return isVerified && typeof email === 'string' && isUsable(email) ? email : null;
}

function userOf(payload: JWTPayload, { userClaim }: TrustedIssuer): string {
  const value = valueAt(payload, userClaim);
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !isUsable(text)) throw new UserTokenError('user');
  return text;
}

function isUsable(text: string): boolean {
  return text !== '' && text.length <= maxUserLength && isStorable(text);
}

function claimsOf(payload: JWTPayload, { claims }: TrustedIssuer): Subject['claims'] {
  const mapped = claims.map(({ name, path }) => [name, valueAt(payload, path)] as const);
  return Object.fromEntries(mapped.filter(([, value]) => value != null && isComparable(value)));
}

/**
 * Returns the value at a path: `app_metadata.role`. A claim whose name is the whole path comes first, because some
 * issuers use names with dots: `https://app.example/roles`.
 */
function valueAt(payload: JWTPayload, path: string): unknown {
  const whole = memberOf(payload, path);
  if (whole !== undefined) return whole;
  return path.split('.').reduce<unknown>(memberOf, payload);
}

/** Returns an object's own member. Members that every object inherits, such as `constructor`, are not claims. */
function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || !Object.hasOwn(value, name)) return undefined;
  // The cast is safe: the object has this member.
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Reports whether the texts of a claim can be compared with stored values. */
function isComparable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isComparable);
  return typeof value !== 'string' || isStorable(value);
}

/** PostgreSQL cannot store NUL, and UTF-8 cannot encode an unpaired surrogate, which is all that the expression finds. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}
