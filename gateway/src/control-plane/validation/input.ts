import { z } from 'zod';

import { errors } from '../errors/errors.ts';

/**
 * Parses a mutation's input.
 * @throws ValidationError if the input is invalid. It lists all issues and their paths from the input object.
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

// Names must not contain control characters. PostgreSQL also rejects NUL.
// eslint-disable-next-line no-control-regex -- the pattern matches control characters
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** Counts code points, because an emoji can consist of several UTF-16 code units. */
const codePoints = (text: string): number => Array.from(text).length;

/**
 * Text that is rejected early if it is too long, before it is normalized and matched. Normalization to NFC makes text at
 * most four times shorter, so no valid text is rejected, unless it is surrounded by many spaces.
 */
const boundedText = (max: number, message: string) =>
  z.string().max(max * 20, { message, abort: true });

/** One line of text: trimmed, in NFC, without control characters, with 1 to `max` code points. */
export const lineOfText = (max: number) =>
  boundedText(max, `This field must be at most ${max} characters long.`)
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => text.length > 0, 'This field must not be empty.')
    .refine((text) => codePoints(text) <= max, `This field must be at most ${max} characters long.`)
    .refine(
      (text) => !controlCharacter.test(text),
      'This field must not contain control characters.',
    );

/** The name of a person, an organization, a project or a key. */
export const displayName = lineOfText(80);

/** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
const maxAddressLength = 254;
const addressMessage = 'Enter a valid email address.';

/** An email address in the normalized form that is stored and compared: NFC, trimmed, lowercase. */
export const emailAddress = boundedText(maxAddressLength, addressMessage)
  .transform((text) => text.normalize('NFC').trim().toLowerCase())
  .pipe(z.string().max(maxAddressLength, { message: addressMessage, abort: true }))
  .pipe(z.email(addressMessage));

/**
 * A password as sent by a client. Rejects only strings that are too long in every normalization form. New passwords are
 * also checked by `checkPassword`.
 */
export const passwordText = z
  .string()
  .max(4_096, { message: 'The password is too long.', abort: true });

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reports whether a string has the format of an id. Other strings are treated as ids that do not exist. */
export const isUuid = (text: string): boolean => uuidText.test(text);

/**
 * Returns an id in lowercase.
 * @throws NotFoundError if the string does not have the format of an id
 */
export function requireId(text: string, what: string): string {
  if (!isUuid(text)) throw errors.notFound(what);
  return text.toLowerCase();
}
