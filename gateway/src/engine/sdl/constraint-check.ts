import { compareDecimals, parseDecimal } from './decimal.ts';
import type { FieldConstraint } from './model.ts';
import { compilePattern, formatPatterns } from './pattern/pattern.ts';

/**
 * The first rule of a constraint that a value breaks, or null. It decides as the CHECK in the database
 * does: lengths count code points, numbers compare exactly.
 */
export function brokenRule(
  constraint: FieldConstraint,
  value: string | number,
): keyof FieldConstraint | null {
  const text = String(value);
  const length = Array.from(text).length;
  const matches = (pattern: string) => compilePattern(pattern).test(text);
  const against = (bound: string) => {
    const [number, limit] = [parseDecimal(text), parseDecimal(bound)];
    return number === null || limit === null ? 0 : compareDecimals(number, limit);
  };
  const { minLength, maxLength, pattern, min, max, format } = constraint;
  if (minLength !== null && length < minLength) return 'minLength';
  if (maxLength !== null && length > maxLength) return 'maxLength';
  if (pattern !== null && !matches(pattern)) return 'pattern';
  if (format !== null && !matches(formatPatterns[format])) return 'format';
  if (min !== null && against(min) < 0) return 'min';
  if (max !== null && against(max) > 0) return 'max';
  return null;
}
