import { limits } from './limits.ts';

/** An exact decimal number: `units × 10^-scale`. */
export interface Decimal {
  readonly units: bigint;
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

export function isWhole(decimal: Decimal): boolean {
  return decimal.units % 10n ** BigInt(decimal.scale) === 0n;
}
