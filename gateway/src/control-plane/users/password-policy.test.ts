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
    ['a common password', '123456789012', 'many people'],
    ['a common password in another case', 'PassWordPassword', 'many people'],
    ['the address', 'ada.lovelace@example.com', 'more than'],
    ['the address in another case', 'Ada.Lovelace@EXAMPLE.com', 'more than'],
    ['the address and a digit', 'ada.lovelace@example.com1', 'more than'],
    ['the first part of the address', 'ada.lovelace!', 'more than'],
    ['the name', 'Ada Lovelace', 'more than'],
    ['half a surrogate pair', 'k3#pq9Zt!mvw\ud83e', 'broken character'],
  ])('refuses %s', (_what, password, reason) => {
    expect(checkPassword(password, owner)).toContain(reason);
  });

  it('does not choke on an owner without a name', () => {
    expect(checkPassword('k3#pq9Zt!mvw', { email: '', name: '' })).toBeNull();
  });
});
