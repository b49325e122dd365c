import commonPasswords from 'fxa-common-password-list';
import { preparePassword } from '../../platform/crypto/password-hasher.ts';
import { controlPlaneLimits } from '../limits.ts';

const { minPasswordLength, maxPasswordLength } = controlPlaneLimits;
/** So many characters must be left of a password when its owner's address and name are taken out. */
const minOwnLength = 4;

export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/**
 * What is wrong with a new password, in words for its owner; null when nothing is. 12 to 256 characters
 * (code points, counted after `preparePassword`) of any Unicode, not a common password, and
 * more than just the owner's address or name. No rules on classes of characters: NIST SP 800-63B-4.
 */
export function checkPassword(password: string, owner: PasswordOwner): string | null {
  if (/\p{Surrogate}/u.test(password)) return 'The password contains a broken character.';
  const prepared = preparePassword(password);
  const length = countCharacters(prepared);
  if (length < minPasswordLength)
    return `The password needs at least ${minPasswordLength} characters.`;
  if (length > maxPasswordLength)
    return `The password may have at most ${maxPasswordLength} characters.`;
  const lower = prepared.toLowerCase();
  if (commonPasswords.test(lower)) return 'This password is one that many people use.';
  if (isMostlyTheOwner(lower, owner)) {
    return 'The password must be more than your email address or name.';
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

/** Unicode code points, of which one may take two of a string's units. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}
