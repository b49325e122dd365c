import type { FieldConstraint, JsonValue, StringFormat, ValueField } from '../sdl/model.ts';

/** The sentences in one line; null where there are none. */
export function sentences(...parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== '');
  return said.length === 0 ? null : said.join(' ');
}

/** The description from the SDL, and below it what the API adds. */
export function paragraphs(...parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== '');
  return said.length === 0 ? null : said.join('\n\n');
}

/** The constraints on a written value. */
export function rulesOf({ constraint }: ValueField): string | null {
  if (constraint === null) return null;
  return sentences(
    lengthRule(constraint),
    rangeRule(constraint),
    constraint.pattern === null ? null : `Matches ${codeSpan(constraint.pattern)}.`,
    constraint.format === null ? null : formatRules[constraint.format],
  );
}

export function defaultOf(field: ValueField): string | null {
  if (field.default === null) return null;
  const text = defaultText(field, field.default);
  return text.length > 100 ? 'There is a default.' : `Default: ${codeSpan(text)}.`;
}

function lengthRule({ minLength, maxLength }: FieldConstraint): string | null {
  if (minLength !== null && maxLength !== null) {
    return minLength === maxLength
      ? `${minLength} characters.`
      : `${minLength} to ${maxLength} characters.`;
  }
  if (minLength !== null) return `At least ${minLength} characters.`;
  return maxLength === null ? null : `At most ${maxLength} characters.`;
}

function rangeRule({ min, max }: FieldConstraint): string | null {
  if (min !== null && max !== null) return `From ${min} to ${max}.`;
  if (min !== null) return `At least ${min}.`;
  return max === null ? null : `At most ${max}.`;
}

const formatRules: Readonly<Record<StringFormat, string>> = {
  EMAIL: 'An email address.',
  URL: 'A URL.',
  SLUG: 'A slug.',
  PHONE: 'A phone number.',
  HEX_COLOR: 'A color in hexadecimal.',
};

/** Enum values have no quotes, as in GraphQL. */
function defaultText({ type }: ValueField, value: JsonValue): string {
  const text = JSON.stringify(value);
  return type.kind === 'ENUM' ? text.replaceAll('"', '').replaceAll(',', ', ') : text;
}

/** A Markdown code span, whose fence is longer than any run of backticks in the text. */
function codeSpan(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  if (runs.length === 0) return `\`${text}\``;
  const fence = '`'.repeat(Math.max(...runs) + 1);
  return `${fence} ${text} ${fence}`;
}
