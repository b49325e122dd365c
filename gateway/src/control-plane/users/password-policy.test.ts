import { describe, expect, it } from 'vitest';
import { checkPassword } from './password-policy.ts';

const owner = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };

describe('the password policy', () => {
  it.each([
    ['twelve characters', 'k3#pq9Zt!mvw'],
    ['256 characters', 'xy'.repeat(128)],
    ['64 characters of four bytes each', '🦊'.repeat(64)],
    ['256 characters of four bytes each', '🦊'.repeat(256)],
    ['a passphrase', 'correct horse battery staple'],
    ['a passphrase that mentions the owner', 'ada keeps seven brown hens'],
    ['another script', 'мой очень длинный секрет'],
    ['NUL and control characters', 'a\0b\u0001c-defghij-k'],
  ])('accepts %s', (_what, password) => {
    expect(checkPassword(password, owner)).toBeNull();
  });

  it.each([
    ['eleven characters', 'k3#pq9Zt!mv', 'at least 12'],
    ['eleven characters of four bytes each', '🦊'.repeat(11), 'at least 12'],
    ['twelve code units that compose to six characters', 'e\u0301'.repeat(6), 'at least 12'],
    ['257 characters', 'x'.repeat(257), 'at most 256'],
    ['a common password', '123456789012', 'too common'],
    ['a common password in another case', 'PassWordPassword', 'too common'],
    ['the address', 'ada.lovelace@example.com', 'mainly of your'],
    ['the address in another case', 'Ada.Lovelace@EXAMPLE.com', 'mainly of your'],
    ['the address and a digit', 'ada.lovelace@example.com1', 'mainly of your'],
    ['the first part of the address', 'ada.lovelace!', 'mainly of your'],
    ['the name', 'Ada Lovelace', 'mainly of your'],
    ['half a surrogate pair', 'k3#pq9Zt!mvw\ud83e', 'invalid character'],
  ])('rejects %s', (_what, password, reason) => {
    expect(checkPassword(password, owner)).toContain(reason);
  });

  it('accepts an owner without a name', () => {
    expect(checkPassword('k3#pq9Zt!mvw', { email: '', name: '' })).toBeNull();
  });
});
