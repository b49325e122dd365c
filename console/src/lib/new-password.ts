import * as z from 'zod/mini';

/** The length as the server counts it: code points after NFC normalization. */
const characters = (text: string): number => Array.from(text.normalize('NFC')).length;

/**
 * A new password. Only the length is checked here. The server also rejects common passwords and passwords that consist
 * of the user's name or email address.
 */
export const newPassword = z.string().check(
  z.minLength(1, 'Choose a password.'),
  z.refine((text) => text === '' || characters(text) >= 12, 'Use at least 12 characters.'),
  z.refine((text) => characters(text) <= 256, 'Use at most 256 characters.'),
);

export const newPasswordHelp =
  'At least 12 characters. Four or five random words are easy to remember and hard to guess.';
