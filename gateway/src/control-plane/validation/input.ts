import { z } from 'zod';

import { errors } from '../errors/errors.ts';

/**
 * Parses a mutation's input.
 * @throws ValidationError with every issue, each with its path from the input object
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw errors.validation(
    result.error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message })),
  );
}

// Control characters have no place in a name, and PostgreSQL takes no NUL at all.
// eslint-disable-next-line no-control-regex -- it is what is looked for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** An emoji may be one character of one code unit or of ten; code points are what can be told and stored. */
const codePoints = (text: string): number => Array.from(text).length;

/** One line of text: trimmed, NFC, without control characters, of 1 to `max` code points. */
const lineOfText = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => text.length > 0, 'This must not be empty.')
    .refine((text) => codePoints(text) <= max, `This takes at most ${max} characters.`)
    .refine((text) => !controlCharacter.test(text), 'This must not contain control characters.');

/** A person's, organization's, project's or key's name. */
export const displayName = lineOfText(80);

const addressMessage = 'This is not an email address.';

/** An email address, in the one form in which it is kept and compared: NFC, trimmed, lower case. */
export const emailAddress = z
  .string()
  .transform((text) => text.normalize('NFC').trim().toLowerCase())
  .pipe(z.email(addressMessage).max(254, addressMessage));

/**
 * A password as it comes in: longer than any that the policy accepts, in whatever form of Unicode it is
 * sent, is too long. Whether a new one is good enough is the policy's to say.
 */
export const passwordText = z
  .string()
  .max(4_096, { message: 'This is longer than any password can be.', abort: true });

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Could this text be an id of ours? What could not is answered like an id that does not exist. */
export const isUuid = (text: string): boolean => uuidText.test(text);

/** @throws NotFoundError for a text that is no id at all */
export function requireId(text: string, what: string): string {
  if (!isUuid(text)) throw errors.notFound(what);
  return text.toLowerCase();
}
