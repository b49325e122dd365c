import { parseExactJson } from '#console/lib/exact-json.ts';

import { findJsonProblem, jsonProblemText } from './json-problem.ts';
import type { JsonValue } from './json.ts';
import type { ScalarName, ValueField, ValueType } from './project-models.ts';

/** The result of parsing text: the value or an error message. */
export type Reading =
  | { readonly isOk: true; readonly value: JsonValue }
  | { readonly isOk: false; readonly problem: string };

const ok = (value: JsonValue): Reading => ({ isOk: true, value });
const wrong = (problem: string): Reading => ({ isOk: false, problem });

const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;
const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/;
const instant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/i;

/**
 * Parses text as a value of a type, in the format that the project API accepts: BigInt and Decimal values remain
 * strings. The server validates values again.
 */
export function readValue(type: ValueType, text: string): Reading {
  if (type.kind === 'ENUM') {
    return type.values.includes(text)
      ? ok(text)
      : wrong(`Choose one of ${type.values.join(', ')}.`);
  }
  // Surrounding white space is part of a String and is ignored for other types.
  if (type.name === 'String') return ok(text);
  // The positions in the errors of JSON are those in the untrimmed text.
  return type.name === 'JSON' ? readJson(text) : readScalar(type.name, text.trim());
}

function readScalar(scalar: Exclude<ScalarName, 'String' | 'JSON'>, text: string): Reading {
  switch (scalar) {
    case 'ID':
    case 'UUID':
      return uuid.test(text) ? ok(text) : wrong('Enter a UUID, such as 0198c5f2-….');
    case 'Int':
      return readInt(text);
    case 'Float':
      return decimal.test(text) && Number.isFinite(Number(text))
        ? ok(Number(text))
        : wrong('Enter a number, such as 12.5.');
    case 'BigInt':
      return readBigInt(text);
    case 'Decimal':
      return decimal.test(text) ? ok(text) : wrong('Enter a number, such as 12.50.');
    case 'Boolean':
      return text === 'true' || text === 'false' ? ok(text === 'true') : wrong('Choose yes or no.');
    case 'Date':
      return isDay(text) ? ok(text) : wrong('Enter a date, such as 2026-01-31.');
    case 'Time':
      return timeOfDay.test(text)
        ? ok(text.replace(/^(..:..)$/, '$1:00'))
        : wrong('Enter a time of day, such as 18:30:00.');
    case 'Bytes':
      return isBase64(text) ? ok(text) : wrong('Enter base64 with padding, such as aGVsbG8=.');
    case 'DateTime':
      return readInstant(text);
  }
}

function readInt(text: string): Reading {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  const fits = number >= -(2 ** 31) && number < 2 ** 31;
  return fits ? ok(number) : wrong('Enter a whole number from -2147483648 to 2147483647.');
}

function readBigInt(text: string): Reading {
  const isWhole = /^[+-]?\d+$/.test(text);
  const fits = isWhole && BigInt.asIntN(64, bigint(text)) === bigint(text);
  return fits ? ok(text) : wrong('Enter a 64-bit integer.');
}

/** `BigInt()` does not accept a plus sign. */
const bigint = (text: string): bigint => BigInt(text.replace(/^\+/, ''));

/** The API accepts only the base64 that it returns. */
function isBase64(text: string): boolean {
  try {
    return btoa(atob(text)) === text;
  } catch {
    return false;
  }
}

function isDay(text: string): boolean {
  const parts = day.exec(text);
  if (parts === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Parses a DateTime. A value without an offset is interpreted in the browser's time zone. */
function readInstant(text: string): Reading {
  const problem = wrong(
    'Enter a date and time, such as 2026-01-31 14:30, with an optional offset.',
  );
  if (!instant.test(text) || !isDay(text.slice(0, 10))) return problem;
  const normal = text.replace(' ', 'T').toUpperCase();
  const time = new Date(normal);
  if (Number.isNaN(time.getTime())) return problem;
  return ok(/(Z|[+-]\d{2}:\d{2})$/.test(normal) ? withSeconds(normal) : utcText(time, normal));
}

/** A Date has only millisecond precision, so that the fraction of a second is taken from the text. */
const utcText = (time: Date, text: string): string =>
  time.toISOString().replace(/\.\d+Z$/, `${/\.\d+/.exec(text)?.[0] ?? ''}Z`);

const withSeconds = (moment: string): string =>
  moment.replace(/^(.{10}T\d{2}:\d{2})(Z|[+-])/, '$1:00$2');

function readJson(text: string): Reading {
  const problem = findJsonProblem(text);
  if (problem !== null) return wrong(jsonProblemText(text, problem));
  const value = parseExactJson(text);
  // A JSON null could not be distinguished from a field without a value.
  if (value === null)
    return wrong('JSON null is not supported. To remove the value, set the field to null.');
  // The parser returns only JSON values, and numbers that are written like them.
  return ok(value as JsonValue);
}

/**
 * A list has one item per line. Lists of strings or JSON values are written as JSON, because an item can span several
 * lines.
 */
function readList(type: ValueType, text: string): Reading {
  if (type.kind === 'SCALAR' && (type.name === 'String' || type.name === 'JSON')) {
    return readJsonList(type.name, text);
  }
  const values: JsonValue[] = [];
  for (const [index, item] of linesOf(text).entries()) {
    const reading = readValue(type, item);
    if (!reading.isOk) return wrong(`Line ${index + 1}: ${reading.problem}`);
    values.push(reading.value);
  }
  return ok(values);
}

export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function readJsonList(scalar: 'String' | 'JSON', text: string): Reading {
  if (text.trim() === '') return ok([]);
  const reading = readJson(text);
  if (!reading.isOk) return reading;
  const isFine =
    Array.isArray(reading.value) &&
    (scalar === 'JSON' || reading.value.every((item) => typeof item === 'string'));
  return isFine
    ? reading
    : wrong(
        scalar === 'String'
          ? 'Enter a JSON array of strings, such as ["api", "web"].'
          : 'Enter a JSON array.',
      );
}

export const readField = (field: Pick<ValueField, 'type' | 'isList'>, text: string): Reading =>
  field.isList ? readList(field.type, text) : readValue(field.type, text);

/** The text for editing a value. `readField` parses it back to the same value. */
export function writeField(field: Pick<ValueField, 'type' | 'isList'>, value: JsonValue): string {
  if (value === null) return '';
  const isJson = field.type.name === 'JSON';
  if (!field.isList) return isJson ? JSON.stringify(value, null, 2) : writeScalar(value);
  if (isJson || field.type.name === 'String') return JSON.stringify(value);
  return Array.isArray(value) ? value.map(writeScalar).join('\n') : writeScalar(value);
}

const writeScalar = (value: JsonValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Formats a value on one line. */
export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
