import { describe, expect, it } from 'vitest';

import { isExactNumber, keepsEveryDigit, parseExactJson } from './exact-json.ts';

describe('a number in JSON', () => {
  it.each(['1', '-0', '1500.0', '150e1', '0.30000000000000004', '9007199254740992', '1e21'])(
    'is exact: %s',
    (text) => {
      expect(isExactNumber(text)).toBe(true);
      expect(parseExactJson(`[${text}]`)).toEqual([Number(text)]);
    },
  );

  it.each(['9007199254740993', '0.1234567890123456789', '1e400', '-12345678901234567890.5'])(
    'would lose digits: %s',
    (text) => {
      expect(isExactNumber(text)).toBe(false);
    },
  );

  it('keeps every digit when it is parsed and written again, where the platform can', () => {
    const text =
      '{"n":750727362669608961,"list":[0.1234567890123456789,1e400,1.5],"s":"9007199254740993"}';
    // Node.js 20 cannot. The journey of the editors checks it in a browser.
    const expected = keepsEveryDigit ? text : JSON.stringify(JSON.parse(text));
    expect(JSON.stringify(parseExactJson(text))).toBe(expected);
  });
});
