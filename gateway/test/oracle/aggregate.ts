import type { AggregateFunction } from '../../src/engine/api/bindings.ts';
import { decimalText, type Decimal } from '../../src/engine/sdl/decimal.ts';
import type { JsonValue, ValueField } from '../../src/engine/sdl/model.ts';
import type { Row } from './row.ts';
import { compare, decimal } from './values.ts';

/** Computes an aggregate. Returns null if there are no values. */
export function aggregate(
  by: AggregateFunction,
  field: ValueField,
  rows: readonly Row[],
): JsonValue {
  const values = rows.map((row) => row[field.name] ?? null).filter((value) => value !== null);
  const [first] = values;
  if (first === undefined) return null;
  switch (by) {
    case 'MIN':
      return values.reduce((a, b) => (compare(field.type, a, b) <= 0 ? a : b));
    case 'MAX':
      return values.reduce((a, b) => (compare(field.type, a, b) >= 0 ? a : b));
    case 'SUM':
      return isExact(field, 'SUM') ? decimalText(sum(values)) : floatSum(values);
    case 'AVG':
      return isExact(field, 'AVG')
        ? average(sum(values), values.length)
        : floatSum(values) / values.length;
  }
}

/**
 * Returns whether the result is an exact number in a string. The average of Int values is a Float, and their sum is a
 * BigInt.
 */
function isExact({ type }: ValueField, by: 'SUM' | 'AVG'): boolean {
  return type.name === 'BigInt' || type.name === 'Decimal' || (type.name === 'Int' && by === 'SUM');
}

function floatSum(values: readonly JsonValue[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}

function sum(values: readonly JsonValue[]): Decimal {
  return values.map(decimal).reduce((a, b) => {
    const scale = Math.max(a.scale, b.scale);
    const at = ({ units, scale: own }: Decimal) => units * 10n ** BigInt(scale - own);
    return { units: at(a) + at(b), scale };
  });
}

/**
 * Divides two numbers and keeps as many digits as PostgreSQL does (`select_div_scale` in numeric.c): at least 16, in
 * steps of four. Ties are rounded away from zero.
 */
function average({ units, scale }: Decimal, count: number): string {
  const dividend = leadingDigit({ units: units < 0n ? -units : units, scale });
  const divisor = leadingDigit({ units: BigInt(count), scale: 0 });
  const isLess = dividend.digit <= divisor.digit;
  const weight = dividend.weight - divisor.weight - (isLess ? 1 : 0);
  const digits = Math.max(16 - 4 * weight, scale, 0);
  const half = units < 0n ? -1n : 1n;
  const divided = units * 10n ** BigInt(digits - scale) * 2n + half * BigInt(count);
  return decimalText({ units: divided / (2n * BigInt(count)), scale: digits });
}

/** Returns the first digit of a number in base 10000, and the power of 10000 by which that digit is multiplied. */
function leadingDigit({ units, scale }: Decimal): { digit: bigint; weight: number } {
  if (units === 0n) return { digit: 0n, weight: 0 };
  const length = units.toString().length - scale;
  const weight = Math.floor((length - 1) / 4);
  const shift = BigInt(Math.abs(weight * 4 + scale));
  const digit = weight * 4 + scale >= 0 ? units / 10n ** shift : units * 10n ** shift;
  return { digit, weight };
}
