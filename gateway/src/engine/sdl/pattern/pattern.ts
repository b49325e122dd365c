import { limits } from '../limits.ts';
import type { StringFormat } from '../model.ts';
import { storableText } from '../scalar-values.ts';
import { refuseAmbiguity } from './ambiguity.ts';
import { PatternError, parsePattern } from './parse-pattern.ts';
import type { PatternWork } from './pattern-work.ts';

/**
 * Checks that a pattern has the same meaning in PostgreSQL and JavaScript, and that matching takes time linear in the
 * length of the text.
 *
 * @param work limits the work of the check
 * @throws PatternError if the check fails
 */
export function checkPattern(pattern: string, work: PatternWork): void {
  if (pattern.length > limits.patternLength || storableText(pattern) === null) {
    throw new PatternError(
      `A pattern must not exceed ${limits.patternLength} characters or contain NUL or unpaired surrogates.`,
      'Shorten the pattern, or remove these characters.',
    );
  }
  refuseAmbiguity(parsePattern(pattern), work);
}

/** Compiles a pattern that passed `checkPattern`. With the flag `s`, the dot also matches line breaks. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern, 'us');
}

/** The pattern of each `@constraint(format:)`. All of them pass `checkPattern`. */
export const formatPatterns: Readonly<Record<StringFormat, string>> = {
  /** Similar to the validation of HTML's `<input type=email>`. */
  EMAIL: "^[a-zA-Z0-9.!#$%&'*+\\/=?\\^_`{|}~\\-]+@[a-zA-Z0-9]+(?:(?:\\.|-+)[a-zA-Z0-9]+)*$",
  /** http or https with a host, and only characters that need no escaping in a URL. */
  URL: "^https?:\\/\\/[a-zA-Z0-9](?:[a-zA-Z0-9.\\-])*(?::[0-9]{1,5})?(?:[\\/?#][a-zA-Z0-9\\-._~:\\/?#\\[\\]@!$&'()*+,;=%]*)?$",
  SLUG: '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  /** E.164: a plus sign and 2 to 15 digits that start with the country code. */
  PHONE: '^\\+[1-9][0-9]{1,14}$',
  HEX_COLOR: '^#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?$',
};
