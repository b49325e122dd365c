import { constraintCheck, type ConstraintCheck } from '../sdl/constraint-check.ts';
import type { FieldConstraint, ScalarName, ValueField } from '../sdl/model.ts';
import { storableText } from '../sdl/scalar-values.ts';
import { arrayText } from '../sql/quote.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/** How values of a column are checked, and given to PostgreSQL. */
export interface ValueCodec {
  /** The value to store, or what is wrong with it. Expects what GraphQL coerced, and never null. */
  readonly read: (value: unknown) => ValueReading;
  /** As a parameter of its own. */
  readonly toParameter: (value: unknown) => PgValue;
  /** As a member of a JSON object that `json_to_recordset` reads. */
  readonly toMember: (value: unknown) => unknown;
}

export type ValueReading =
  | { readonly ok: true; readonly value: unknown }
  /** `item`: where it is one item of a list that is wrong. */
  | { readonly ok: false; readonly message: string; readonly item: number | null };

export function codecOf(field: ValueField): ValueCodec {
  const { type, constraint } = field;
  const item = type.kind === 'ENUM' ? keyCodec : scalarCodec(type.name, constraint);
  if (!field.list) return item;
  const list = listOf(item);
  return type.name === 'JSON' ? { ...list, toMember: jsonListMember } : list;
}

/** Of ids, and of all else that the API's own scalars have checked already. */
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
  }
}

function listOf({ read, toParameter }: ValueCodec): ValueCodec {
  return {
    read(value) {
      // GraphQL coerced the value of a list type: an array.
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
      // As `read` has made it.
      return (value as readonly unknown[]).map((item) => String(toParameter(item)));
    },
    toMember: same,
  };
}

function same(value: unknown): unknown {
  return value;
}

/** As the text of an array: PostgreSQL would take lists within the list for further dimensions of it. */
function jsonListMember(value: unknown): string {
  // As `listOf` has read it.
  return arrayText((value as readonly unknown[]).map((item) => JSON.stringify(item)));
}

/** Scalars other than `String` refuse what PostgreSQL would not take: see engine/api/scalars.ts. */
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
  throw new Error('A coerced scalar is a text, a number or a boolean.');
}

function textReader(constraint: FieldConstraint | null): ValueCodec['read'] {
  const check = constraint === null ? null : constraintCheck(constraint);
  return (value) => {
    const text = String(value);
    if (storableText(text) === null) {
      return bad('A text cannot hold the character NUL or half of a surrogate pair.');
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
  return rule === null || constraint === null ? good(value) : bad(demand(rule, constraint));
}

function demand(rule: keyof FieldConstraint, constraint: FieldConstraint): string {
  const limit = constraint[rule] ?? '';
  switch (rule) {
    case 'minLength':
      return `This must have at least ${limit} characters.`;
    case 'maxLength':
      return `This must have at most ${limit} characters.`;
    case 'pattern':
      return `This must match ${limit}.`;
    case 'format':
      return `This must be of the format ${limit}.`;
    case 'min':
      return `This must be at least ${limit}.`;
    case 'max':
      return `This must be at most ${limit}.`;
  }
}
