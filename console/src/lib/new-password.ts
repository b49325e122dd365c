import * as z from 'zod/mini';

/** As the server counts: code points, composed. */
const characters = (text: string): number => Array.from(text.normalize('NFC')).length;

/**
 * A password to come. Length alone is told here; whether many people use it, and whether it is more than its
 * owner's name, is the server's to say.
 */
export const newPassword = z.string().check(
  z.minLength(1, 'Choose a password.'),
  z.refine((text) => text === '' || characters(text) >= 12, 'Use at least 12 characters.'),
  z.refine((text) => characters(text) <= 256, 'Use at most 256 characters.'),
);

export const newPasswordHelp =
  '12 characters or more, of any kind. Four or five words in a row are easy to remember and hard to guess.';
