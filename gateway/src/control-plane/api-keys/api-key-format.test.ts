import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createApiKeyText, parseApiKey } from './api-key-format.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Decodes 43 base62 characters, independently of the implementation under test. */
function fromBase62(digits: string): bigint {
  return Array.from(digits).reduce(
    (value, digit) => value * 62n + BigInt(alphabet.indexOf(digit)),
    0n,
  );
}

describe('an API key', () => {
  it.each([
    ['SECRET', /^tsk_[0-9A-Za-z]{49}$/],
    ['PUBLISHABLE', /^tpk_[0-9A-Za-z]{49}$/],
  ] as const)('has the documented format for kind %s and can be parsed', (kind, form) => {
    const key = createApiKeyText(kind);
    expect(key.text).toMatch(form);
    expect(key.text.startsWith(key.prefix)).toBe(true);
    expect(key.prefix).toHaveLength(12);
    expect(key.text.endsWith(key.lastFour)).toBe(true);
    expect(key.lastFour).toHaveLength(4);
    expect(parseApiKey(key.text)).toEqual({ kind });
  });

  it('contains 256 random bits', () => {
    const values = Array.from({ length: 500 }, () =>
      fromBase62(createApiKeyText('SECRET').text.slice(4, 47)),
    );
    expect(new Set(values).size).toBe(500);
    expect(values.every((value) => value < 1n << 256n)).toBe(true);
    const seen = values.reduce((bits, value) => bits | value, 0n);
    expect(seen).toBe((1n << 256n) - 1n);
    const always = values.reduce((bits, value) => bits & value, (1n << 256n) - 1n);
    expect(always).toBe(0n);
  });

  it('is rejected if any single character is changed', () => {
    const { text } = createApiKeyText('SECRET');
    for (let place = 0; place < text.length; place++) {
      for (const other of ['0', 'z', 'A', '-', ' ', 'é']) {
        if (text[place] === other) continue;
        expect(parseApiKey(text.slice(0, place) + other + text.slice(place + 1))).toBeNull();
      }
    }
  });

  it('is rejected if two adjacent characters are swapped', () => {
    const { text } = createApiKeyText('PUBLISHABLE');
    for (let place = 4; place < text.length - 1; place++) {
      const [left, right] = [text.charAt(place), text.charAt(place + 1)];
      if (left === right) continue;
      expect(parseApiKey(text.slice(0, place) + right + left + text.slice(place + 2))).toBeNull();
    }
  });

  it('is rejected if it is longer, shorter, of the other kind, or not a key', () => {
    const { text } = createApiKeyText('SECRET');
    for (const wrong of ['', 'tsk_', text.slice(0, -1), `${text}0`, `${text}\n`, ` ${text}`]) {
      expect(parseApiKey(wrong)).toBeNull();
    }
    expect(parseApiKey(text.replace('tsk_', 'tpk_'))).toBeNull();
    fc.assert(fc.property(fc.string(), (noise) => parseApiKey(noise) === null));
  });
});
