import { describe, expect, it } from 'vitest';
import { brokenRule } from './constraint-check.ts';
import { compareDecimals, decimalText, parseDecimal } from './decimal.ts';
import type { FieldConstraint } from './model.ts';

const none: FieldConstraint = {
  minLength: null,
  maxLength: null,
  pattern: null,
  min: null,
  max: null,
  format: null,
};

describe('brokenRule', () => {
  it.each([
    [{ maxLength: 2 }, '🦉🦉', null],
    [{ maxLength: 2 }, 'abc', 'maxLength'],
    [{ minLength: 1 }, '', 'minLength'],
    [{ pattern: '^a$' }, 'b', 'pattern'],
    [{ format: 'EMAIL' as const }, 'x', 'format'],
    [{ min: '0.1' }, '0.10', null],
    [{ min: '0.1' }, '0.09999999999999999999', 'min'],
    [{ max: '9007199254740993' }, '9007199254740994', 'max'],
    [{ max: '5' }, 5.5, 'max'],
  ])('%j applied to %j returns %s', (rules, value, broken) => {
    expect(brokenRule({ ...none, ...rules }, value)).toBe(broken);
  });

  it('returns the rule for text that exceeds the stack of the regular expression engine', () => {
    const address = `a@${'b.'.repeat(4_000_000)}c`;
    expect(brokenRule({ ...none, format: 'EMAIL' }, address)).toBe('format');
  });
});

describe('decimals', () => {
  const decimal = (text: string) => parseDecimal(text) ?? expect.fail(`${text} is a decimal`);

  it.each([
    ['1.50', '1.5'],
    ['-0.00', '0'],
    ['2e3', '2000'],
    ['5e-3', '0.005'],
    ['-12.340', '-12.34'],
    ['00', '0'],
  ])('%s has the canonical text %s', (text, written) => {
    expect(decimalText(decimal(text))).toBe(written);
  });

  it.each(['', 'x', '1.', '.5', '1e999', 'NaN', '1'.repeat(101), '1 '])('rejects %j', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  it('are compared exactly', () => {
    expect(compareDecimals(decimal('0.1'), decimal('0.10'))).toBe(0);
    expect(compareDecimals(decimal('-1'), decimal('0.5'))).toBe(-1);
    expect(compareDecimals(decimal('1e20'), decimal('99999999999999999999'))).toBe(1);
  });
});
