import { assertNever } from '../../platform/assert-never.ts';
import { countOf } from '../../platform/count-of.ts';
import { constraintCheck, type ConstraintCheck } from '../sdl/constraint-check.ts';
import type { FieldConstraint, ScalarName, ValueField } from '../sdl/model.ts';
import { storableText } from '../sdl/scalar-values.ts';
import { arrayText } from '../sql/quote.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/** Checks a column's values and converts them for PostgreSQL. */
export interface ValueCodec {
  /** Returns the value to store or an error message. `value` was coerced by GraphQL and is not null. */
  readonly read: (value: unknown) => ValueReading;
  /** Converts the value to a parameter of a statement. */
  readonly toParameter: (value: unknown) => PgValue;
  /** Converts the value to a member of a JSON object for `json_to_recordset`. */
  readonly toMember: (value: unknown) => unknown;
}

export type ValueReading =
  | { readonly ok: true; readonly value: unknown }
  /** `item` is the index of the invalid item if the value is a list. */
  | { readonly ok: false; readonly message: string; readonly item: number | null };

export function codecOf(field: ValueField): ValueCodec {
  const { type, constraint } = field;
  const item = type.kind === 'ENUM' ? keyCodec : scalarCodec(type.name, constraint);
  if (!field.list) return item;
  const list = listOf(item);
  return type.name === 'JSON' ? { ...list, toMember: jsonListMember } : list;
}

/** The codec for ids and other values that the API's scalars have already checked. */
export const keyCodec: ValueCodec = {
  read: good,
  toParameter: plainParameter,
  toMember: same,
};

function scalarCodec(scalar: ScalarName, constraint: FieldConstraint | null): ValueCodec {
  switch (scalar) {
    case 'String':
      return { ...keyCodec, read: textReader(constraint) };
    case 'JSON':
      return { ...keyCodec, toParameter: (value) => JSON.stringify(value) };
    case 'Int':
    case 'Float':
    case 'BigInt':
    case 'Decimal':
      return { ...keyCodec, read: numberReader(constraint) };
    case 'ID':
    case 'UUID':
    case 'Boolean':
    case 'DateTime':
    case 'Date':
      return keyCodec;
    default:
      return assertNever(scalar);
  }
}

function listOf({ read, toParameter }: ValueCodec): ValueCodec {
  return {
    read(value) {
      // GraphQL coerces a value of a list type to an array.
      const items = value as readonly unknown[];
      const values: unknown[] = [];
      for (const [index, item] of items.entries()) {
        const reading = read(item);
        if (!reading.ok) return { ...reading, item: index };
        values.push(reading.value);
      }
      return good(values);
    },
    toParameter(value) {
      // `read` returned an array.
      return (value as readonly unknown[]).map((item) => String(toParameter(item)));
    },
    toMember: same,
  };
}

function same(value: unknown): unknown {
  return value;
}

/** Writes the list as an array literal, because PostgreSQL would read a nested JSON list as another dimension. */
function jsonListMember(value: unknown): string {
  // The `read` function in `listOf` returned an array.
  return arrayText((value as readonly unknown[]).map((item) => JSON.stringify(item)));
}

/** Scalars other than `String` reject values that PostgreSQL cannot store: see engine/api/scalars.ts. */
function good(value: unknown): ValueReading {
  return { ok: true, value };
}

function bad(message: string): ValueReading {
  return { ok: false, message, item: null };
}

function plainParameter(value: unknown): PgValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw new Error('A coerced scalar must be a string, a number or a boolean.');
}

function textReader(constraint: FieldConstraint | null): ValueCodec['read'] {
  const check = constraint === null ? null : constraintCheck(constraint);
  return (value) => {
    const text = String(value);
    if (storableText(text) === null) {
      return bad('Text must not contain NUL or unpaired surrogates.');
    }
    return checked(text, text, check, constraint);
  };
}

function numberReader(constraint: FieldConstraint | null): ValueCodec['read'] {
  if (constraint === null) return good;
  const check = constraintCheck(constraint);
  return (value) => checked(value, String(value), check, constraint);
}

function checked(
  value: unknown,
  text: string,
  check: ConstraintCheck | null,
  constraint: FieldConstraint | null,
): ValueReading {
  const rule = check?.(text) ?? null;
  return rule === null || constraint === null
    ? good(value)
    : bad(violationMessage(rule, constraint));
}

function violationMessage(rule: keyof FieldConstraint, constraint: FieldConstraint): string {
  const limit = constraint[rule] ?? '';
  switch (rule) {
    case 'minLength':
      return `This must be at least ${countOf(limit, 'character')} long.`;
    case 'maxLength':
      return `This must be at most ${countOf(limit, 'character')} long.`;
    case 'pattern':
      return `This must match the pattern ${limit}.`;
    case 'format':
      return `This must have the format ${limit}.`;
    case 'min':
      return `This must be at least ${limit}.`;
    case 'max':
      return `This must be at most ${limit}.`;
    default:
      return assertNever(rule);
  }
}
