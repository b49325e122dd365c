import { countOf } from '../../platform/count-of.ts';
import { limits } from './limits.ts';

/** An exact decimal number: `units × 10^-scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** The digits of a Decimal: `precision` digits, of which `scale` are after the decimal point. */
export interface Precision {
  readonly precision: number;
  readonly scale: number;
}

const maxExponent = 400;

/**
 * Parses `-1.50` or `2e3`. Null if the text is not a number, has more than 100 characters, or has an exponent beyond
 * ±400.
 */
export function parseDecimal(text: string): Decimal | null {
  if (text.length > limits.numberLength) return null;
  const match = /^([+-]?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > maxExponent) return null;
  const units = BigInt(whole + fraction);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Returns a negative number if `a` is less than `b`, zero if they are equal, and a positive number otherwise. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference =
    a.units * 10n ** BigInt(scale - a.scale) - b.units * 10n ** BigInt(scale - b.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The canonical text of a number: `1.50` → `1.5`, `2e3` → `2000`, `-0` → `0`. */
export function decimalText(decimal: Decimal): string {
  const text = writtenDecimal(decimal);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The number without an exponent, as PostgreSQL prints it: `1.50` → `1.50`, `2e3` → `2000`, `1e-2` → `0.01`. */
export function writtenDecimal({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** Whether a numeric column of this precision can store the number without rounding it. */
export function fitsPrecision({ units, scale }: Decimal, to: Precision): boolean {
  const rest = 10n ** BigInt(Math.max(scale - to.scale, 0));
  const shifted = (units * 10n ** BigInt(Math.max(to.scale - scale, 0))) / rest;
  const limit = 10n ** BigInt(to.precision);
  return units % rest === 0n && -limit < shifted && shifted < limit;
}

/** The end of a sentence about a number: `at most 10 digits before the decimal point and 2 after it`. */
export function describePrecision({ precision, scale }: Precision): string {
  const before = precision - scale;
  if (scale === 0) return `at most ${countOf(before, 'digit')} and no fraction`;
  return before === 0
    ? `only zero before the decimal point and at most ${countOf(scale, 'digit')} after it`
    : `at most ${countOf(before, 'digit')} before the decimal point and ${scale} after it`;
}

export function isWhole(decimal: Decimal): boolean {
  return decimal.units % 10n ** BigInt(decimal.scale) === 0n;
}
