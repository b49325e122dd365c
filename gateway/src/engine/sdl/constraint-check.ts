import { compareDecimals, parseDecimal } from './decimal.ts';
import type { FieldConstraint } from './model.ts';
import { compilePattern, formatPatterns } from './pattern/pattern.ts';

/** Returns the first rule that a value violates, or null. */
export type ConstraintCheck = (value: string | number) => keyof FieldConstraint | null;

/**
 * Creates a function that checks a constraint. It gives the same result as the CHECK constraint in the database:
 * lengths count code points, and numbers are compared exactly.
 */
export function constraintCheck(constraint: FieldConstraint): ConstraintCheck {
  const { minLength, maxLength, pattern, min, max, format } = constraint;
  const rules: (readonly [keyof FieldConstraint, (text: string) => boolean])[] = [];
  if (minLength !== null) rules.push(['minLength', (text) => hasAtLeast(text, minLength)]);
  if (maxLength !== null) rules.push(['maxLength', (text) => !hasAtLeast(text, maxLength + 1)]);
  if (pattern !== null) rules.push(['pattern', matcher(pattern)]);
  if (format !== null) rules.push(['format', matcher(formatPatterns[format])]);
  if (min !== null) rules.push(['min', comparison(min, (order) => order >= 0)]);
  if (max !== null) rules.push(['max', comparison(max, (order) => order <= 0)]);
  return (value) => {
    const text = String(value);
    return rules.find(([, holds]) => !holds(text))?.[0] ?? null;
  };
}

/** Like `constraintCheck`, for a constraint that is checked only once. */
export function brokenRule(
  constraint: FieldConstraint,
  value: string | number,
): keyof FieldConstraint | null {
  return constraintCheck(constraint)(value);
}

/**
 * Whether the text has at least `length` code points. A code point is one or two code units, so code points are counted
 * only if the number of code units is not decisive.
 */
function hasAtLeast(text: string, length: number): boolean {
  if (text.length < length) return false;
  return text.length >= 2 * length || Array.from(text).length >= length;
}

/**
 * Text of several megabytes can exceed the stack of the regular expression engine, which throws a RangeError. The text
 * then counts as a violation, because it cannot be checked.
 */
function matcher(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(pattern);
  return (text) => {
    try {
      return compiled.test(text);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  };
}

function comparison(bound: string, holds: (order: number) => boolean): (text: string) => boolean {
  const limit = parseDecimal(bound);
  return (text) => {
    const number = parseDecimal(text);
    return number === null || limit === null || holds(compareDecimals(number, limit));
  };
}
