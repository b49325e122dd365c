import { limits } from '../limits.ts';
import type { StringFormat } from '../model.ts';
import { storableText } from '../scalar-values.ts';
import { refuseAmbiguity } from './ambiguity.ts';
import { PatternError, parsePattern } from './parse-pattern.ts';

/**
 * Checks that a pattern means the same in PostgreSQL and JavaScript, and that matching it costs time
 * linear in the text.
 *
 * @throws PatternError
 */
export function checkPattern(pattern: string): void {
  if (pattern.length > limits.patternLength || storableText(pattern) === null) {
    throw new PatternError(
      `A pattern has at most ${limits.patternLength} characters, and no NUL.`,
      'Shorten it, or check a part of it.',
    );
  }
  refuseAmbiguity(parsePattern(pattern));
}

/** A pattern that passed `checkPattern`, as JavaScript matches it. `s`: the dot means every character. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern, 'us');
}

/** What `@constraint(format:)` stands for; each is in the subset too. */
export const formatPatterns: Readonly<Record<StringFormat, string>> = {
  /** Close to what HTML's `<input type=email>` takes. */
  EMAIL: "^[a-zA-Z0-9.!#$%&'*+\\/=?\\^_`{|}~\\-]+@[a-zA-Z0-9]+(?:(?:\\.|-+)[a-zA-Z0-9]+)*$",
  /** http or https with a host, and nothing that needs escaping in a URL. */
  URL: "^https?:\\/\\/[a-zA-Z0-9](?:[a-zA-Z0-9.\\-])*(?::[0-9]{1,5})?(?:[\\/?#][a-zA-Z0-9\\-._~:\\/?#\\[\\]@!$&'()*+,;=%]*)?$",
  SLUG: '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  /** E.164: a plus, a country code, at most 15 digits. */
  PHONE: '^\\+[1-9][0-9]{1,14}$',
  HEX_COLOR: '^#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?$',
};
