import { describe, expect, it } from 'vitest';
import { PatternError } from './parse-pattern.ts';
import { createPatternChecks } from './pattern-checks.ts';
import { compilePattern, formatPatterns } from './pattern.ts';

const checkPattern = (pattern: string) => createPatternChecks().check(pattern);

describe('checkPattern accepts', () => {
  it.each([
    '^[A-Z]{2,6}$',
    '^[a-z]+(-[a-z]+)*$',
    '^[^@]+@[^@]+$',
    '^(?:draft|published|gone)$',
    '^a.c$',
    '^\\{\\[\\(\\.\\*\\+\\?\\$\\^\\/\\)\\]\\}$',
    '^[\\]\\-\\\\a-f_-]*$',
    '^[-a]$',
    '^(?:ab|c){2,5}d$',
    '^🦉+$',
    '^line\\n\\t$',
    '^$',
    ...Object.values(formatPatterns),
  ])('%s', (pattern) => {
    expect(() => checkPattern(pattern)).not.toThrow();
    expect(compilePattern(pattern)).toBeInstanceOf(RegExp);
  });
});

describe('checkPattern rejects patterns that PostgreSQL and JavaScript interpret differently', () => {
  it.each([
    '^\\d+$',
    '^\\w$',
    '^\\s$',
    '^\\bx$',
    '^\\u0041$',
    '^\\x41$',
    '^(a)\\1$',
    '^(?=a)a$',
    '^(?!a)b$',
    '^(?<n>a)$',
    '^(?i)a$',
    '^a*?$',
    '^a+?b$',
    '^[[:alpha:]]$',
    '^[]$',
    '^[^]$',
    '^[z-a]$',
    '^[a-c-e]$',
    '^a{$',
    '^a{2,1}$',
    '^a{256}$',
    '^a{0}$',
    '^a}$',
    '^a]$',
    '^*a$',
    '^(a$',
    '^a)$',
    '^[a$',
    '^a^b$',
    '^a$b$',
    '^a\\$',
    '^a|b$',
    'abc',
    '^abc',
    '^',
    '***:^a$',
    `^${'a'.repeat(300)}$`,
    '^a\0$',
  ])('%j', (pattern) => {
    expect(() => checkPattern(pattern)).toThrow(PatternError);
  });
});

describe('checkPattern rejects patterns that are slow for malicious input', () => {
  it.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|ab)*c$',
    '^(?:a?)*$',
    '^(?:a?a?)+$',
    '^(?:(?:a|b)+|c)*d$',
    '^.*.*x$',
    '^.+@.+$',
    '^a*a*$',
    '^(?:a{1,3}){1,3}$',
    '^(?:[a-m]|[k-z])+$',
    '^(?:a*|b*)$',
    '^((a{200}){200}){200}$',
  ])('%s', (pattern) => {
    expect(() => checkPattern(pattern)).toThrow(PatternError);
  });

  it('also rejects patterns that take too much work to check', () => {
    const optional = Array.from(
      { length: 120 },
      (_, i) => `${String.fromCodePoint(0xc0 + 2 * i)}?`,
    );
    expect(() => checkPattern(`^(?:${optional.join('')}x){1,4}$`)).toThrow(
      /too complex to check\.$/,
    );
  });

  it("limits the total work for a schema's patterns, and checks each pattern once", () => {
    const alternatives = (first: number) =>
      Array.from({ length: 110 }, (_, i) => String.fromCodePoint(first + i)).join('|');
    const checks = createPatternChecks();
    const check = (i: number) => () => checks.check(`^(?:${alternatives(0xc0 + i)}){8,}$`);
    for (let again = 0; again < 1_000; again += 1) expect(check(0)).not.toThrow();
    const results = Array.from({ length: 150 }, (_, i) => {
      try {
        check(i)();
        return 'checked';
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(results)).toEqual(
      new Set([
        'checked',
        'PatternError: The patterns in this schema are too complex to check together.',
      ]),
    );
  });

  it('accepted patterns reject long, almost matching strings in linear time', () => {
    for (const pattern of ['^[a-z]+(-[a-z]+)*$', ...Object.values(formatPatterns)]) {
      const compiled = compilePattern(pattern);
      for (const piece of ['a', 'a-', '-', 'a.', 'http://a', '#']) {
        const started = performance.now();
        compiled.test(`${piece.repeat(100_000)}\n`);
        // For 10^5 characters, quadratic matching takes seconds, and linear matching takes a few milliseconds.
        expect(performance.now() - started).toBeLessThan(1000);
      }
    }
  });
});

describe('formats accept and reject the expected values', () => {
  it.each([
    [
      'EMAIL',
      ['ada@example.org', 'a.b+c@xn--bcher-kva.example'],
      ['ada', 'a@', 'a@b..c', 'a b@c.d', 'a@b\n'],
    ],
    [
      'URL',
      ['https://example.org', 'http://a.b:80/c?d=e#f'],
      ['ftp://a', 'https://', 'https://a b', 'javascript:x'],
    ],
    ['SLUG', ['a-b-c1'], ['A', '-a', 'a--b', '']],
    ['PHONE', ['+41791234567'], ['0791234567', '+0', '+1234567890123456']],
    ['HEX_COLOR', ['#00ffAA', '#00ffAA80'], ['#fff', '00ffaa']],
  ] as const)('%s', (format, good, bad) => {
    const compiled = compilePattern(formatPatterns[format]);
    expect(good.filter((text) => !compiled.test(text))).toEqual([]);
    expect(bad.filter((text) => compiled.test(text))).toEqual([]);
  });
});
