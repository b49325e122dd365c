import { jsonText } from '../../graphql/exact-number.ts';
import { countOf } from '../../platform/count-of.ts';
import { describePrecision } from '../sdl/decimal.ts';
import type {
  FieldConstraint,
  JsonValue,
  ModelType,
  Precision,
  StringFormat,
  ValueField,
  ValueGenerator,
} from '../sdl/model.ts';
import { columnsOfType, type ModelColumn, type ModelIndex } from './model-index.ts';

/** Joins sentences with spaces. Returns null if there are none. */
export function sentences(...parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== '');
  return said.length === 0 ? null : said.join(' ');
}

/** Joins the SDL's description and the text that the API adds, as paragraphs. Returns null if there are none. */
export function paragraphs(...parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== '');
  return said.length === 0 ? null : said.join('\n\n');
}

/** What descriptions call the key of a type. */
export function keyWord({ key }: ModelType): 'id' | 'key' {
  return key.columns.length === 1 ? 'id' : 'key';
}

/** `The id of `board`.`, or the name of the referenced field if it is not an id. The console reads these sentences. */
export function foreignKeyDescription(index: ModelIndex, { field, column }: ModelColumn): string {
  const part =
    field.kind === 'VALUE' ? undefined : field.key.find((each) => each.column === column);
  if (field.kind === 'VALUE' || part === undefined) return `The id of \`${field.name}\`.`;
  const target = index.type(field.target);
  const [key, ...more] = index.keyOf(target);
  if (key?.column === part.references && key.type.name === 'ID' && more.length === 0) {
    return `The id of \`${field.name}\`.`;
  }
  const referenced = columnsOfType(target).find((each) => each.column === part.references);
  return `The \`${referenced?.name ?? keyWord(target)}\` of \`${field.name}\`.`;
}

/** Describes a field's constraints. The descriptions of input fields contain the result. */
export function rulesOf({ constraint, type }: ValueField): string | null {
  const decimal = type.kind === 'SCALAR' ? type.decimal : undefined;
  const digits = decimal === undefined ? null : digitsRule(decimal);
  if (constraint === null) return digits;
  return sentences(
    digits,
    lengthRule(constraint),
    rangeRule(constraint),
    constraint.pattern === null ? null : `Matches ${codeSpan(constraint.pattern)}.`,
    constraint.format === null ? null : formatRules[constraint.format],
  );
}

export function defaultOf(field: ValueField): string | null {
  if (field.generate === 'UUID' && field.role !== 'ID') return 'Default: a new UUID.';
  if (field.generate !== null) return generatorRules[field.generate];
  if (field.default === null) return null;
  const text = defaultText(field, field.default);
  return text.length > 100 ? 'Has a default value.' : `Default: ${codeSpan(text)}.`;
}

const generatorRules: Readonly<Record<ValueGenerator, string>> = {
  UUID: 'Default: a new UUIDv7.',
  CUID: 'Default: a new CUID2.',
  NANOID: 'Default: a new Nano ID.',
  SEQUENCE: 'Default: the next number.',
  NOW: 'Default: the current time.',
};

function lengthRule({ minLength, maxLength }: FieldConstraint): string | null {
  if (minLength !== null && maxLength !== null) {
    return minLength === maxLength
      ? `${countOf(minLength, 'character')}.`
      : `${minLength} to ${maxLength} characters.`;
  }
  if (minLength !== null) return `At least ${countOf(minLength, 'character')}.`;
  return maxLength === null ? null : `At most ${countOf(maxLength, 'character')}.`;
}

function digitsRule(decimal: Precision): string {
  const rule = describePrecision(decimal);
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1)}.`;
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
  HEX_COLOR: 'A hexadecimal color.',
};

/** Returns the text for a default. Enum values are written without quotes, as in GraphQL. */
function defaultText({ type }: ValueField, value: JsonValue): string {
  const text = jsonText(value);
  return type.kind === 'ENUM' ? text.replaceAll('"', '').replaceAll(',', ', ') : text;
}

/** A Markdown code span. Its fence is longer than the longest run of backticks in the text. */
function codeSpan(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  if (runs.length === 0) return `\`${text}\``;
  const fence = '`'.repeat(Math.max(...runs) + 1);
  return `${fence} ${text} ${fence}`;
}
