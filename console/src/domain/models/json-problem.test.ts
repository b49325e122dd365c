import { describe, expect, it } from 'vitest';

import { findJsonProblem, jsonProblemText } from './json-problem.ts';

const problemOf = (text: string, takesLongNumbers = false): string | null => {
  const problem = findJsonProblem(text, takesLongNumbers);
  return problem === null ? null : jsonProblemText(text, problem);
};

const at = (line: number, column: number, reason: string) =>
  `Invalid JSON at line ${line}, column ${column}: ${reason}.`;

describe('the position and reason of a mistake in JSON', () => {
  it.each<[string, string]>([
    ['{\n  "a": [1],\n  "b": "text",\n}', at(3, 14, 'trailing comma')],
    ['[1, 2, ]', at(1, 6, 'trailing comma')],
    ['[1 2]', at(1, 4, 'expected a comma or "]"')],
    ['[1}', at(1, 3, 'expected "]"')],
    ['{"a" 1}', at(1, 6, 'expected a colon')],
    ['{a: 1}', at(1, 2, 'names must be in double quotes')],
    ["{'a': 1}", at(1, 2, 'names must be in double quotes')],
    ['{,}', at(1, 2, 'expected a name')],
    ['{"a": }', at(1, 7, 'a value is missing')],
    ['[,1]', at(1, 2, 'a value is missing before the comma')],
    ["['a']", at(1, 2, 'strings must be in double quotes')],
    ['{"a": 1', at(1, 1, 'the closing "}" is missing')],
    ['{"a": 1,', at(1, 1, 'the closing "}" is missing')],
    ['[[1]', at(1, 1, 'the closing "]" is missing')],
    ['["a]', at(1, 2, 'the closing quote is missing')],
    ['["a\nb"]', at(1, 2, 'the closing quote is missing, or write the line break as \\n')],
    ['"a\tb"', at(1, 3, 'write this control character as an escape')],
    ['"C:\\path"', at(1, 4, 'invalid escape; write a backslash as \\\\')],
    ['"\\N"', at(1, 2, 'invalid escape; write a backslash as \\\\')],
    ['[01]', at(1, 2, '“01” is not a number')],
    ['[.5, 1]', at(1, 2, '“.5” is not a number')],
    ['+1', at(1, 1, '“+1” is not a number')],
    ['[True]', at(1, 2, 'write true in lower case')],
    ['undefined', at(1, 1, '“undefined” is not a value; strings must be in double quotes')],
    ['{} {}', at(1, 4, 'unexpected text after the value')],
    ['[1] // one', at(1, 5, 'comments are not allowed')],
    ['["😀", x]', at(1, 7, '“x” is not a value; strings must be in double quotes')],
    ['', at(1, 1, 'a value is missing')],
  ])('is found in %j', (text, message) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(problemOf(text)).toBe(message);
  });

  it.each([
    '[12345678901234567890]',
    '[3.14159265358979323846]',
    '[9007199254740993]',
    '[1e400]',
    '[-0.1234567890123456789]',
  ])('is found in %j, if a digit would be lost', (text) => {
    expect(problemOf(text)).toBe(at(1, 2, 'a number with too many digits; write it as a string'));
    expect(problemOf(text, true)).toBeNull();
  });

  it.each([
    ' {"a": [1, -2.50, 1E3, 0, -0, 1.0e-2, 100, 0.1, 9007199254740992, 1e21, 123456789e-20]} ',
    '["\\u00e9\\n\\/\\"", true, false, null, {}, []]',
    '"text"',
    '7',
  ])('is not found in %j', (text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(problemOf(text)).toBeNull();
  });

  it('is found in a value that is nested too deeply, without a stack overflow', () => {
    expect(problemOf('['.repeat(100_000))).toBe(at(1, 1002, 'more than 1000 nested levels'));
  });
});
