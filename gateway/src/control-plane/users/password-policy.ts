import commonPasswords from 'fxa-common-password-list';
import { preparePassword } from '../../platform/crypto/password-hasher.ts';
import { controlPlaneLimits } from '../limits.ts';

const { minPasswordLength, maxPasswordLength } = controlPlaneLimits;
/** The minimum number of characters that must remain when the owner's address and name are removed from a password. */
const minOwnLength = 4;

export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/**
 * Checks a new password. Returns a message for its owner, or null if the password is acceptable. A password must have
 * 12 to 256 characters (code points, counted after `preparePassword`), must not be a common password, and must not
 * consist mainly of the owner's address or name. There are no rules about character classes, as recommended by NIST SP
 * 800-63B-4.
 */
export function checkPassword(password: string, owner: PasswordOwner): string | null {
  if (/\p{Surrogate}/u.test(password)) return 'The password contains an invalid character.';
  const prepared = preparePassword(password);
  const length = countCharacters(prepared);
  if (length < minPasswordLength)
    return `The password must be at least ${minPasswordLength} characters long.`;
  if (length > maxPasswordLength)
    return `The password must be at most ${maxPasswordLength} characters long.`;
  const lower = prepared.toLowerCase();
  if (commonPasswords.test(lower)) return 'This password is too common. Choose another one.';
  if (isMostlyTheOwner(lower, owner)) {
    return 'The password must not consist mainly of your email address or name.';
  }
  return null;
}

function isMostlyTheOwner(password: string, { email, name }: PasswordOwner): boolean {
  const known = [email, ...email.split('@'), name, ...name.split(/\s+/)]
    .map((part) => preparePassword(part).toLowerCase())
    .filter((part) => part.length >= 3)
    .sort((a, b) => b.length - a.length);
  const own = known.reduce((rest, part) => rest.replaceAll(part, ''), password);
  return own.length < password.length && countCharacters(own) < minOwnLength;
}

/** Counts code points, because a code point can consist of two UTF-16 code units. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}
