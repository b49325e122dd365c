import { describe, expect, it } from 'vitest';
import { graphqlAddress, secretKey, withoutKeys } from './credentials.ts';

describe('graphqlAddress', () => {
  it.each([
    ['http://localhost:4000', 'http://localhost:4000/graphql'],
    ['https://t.example.org/', 'https://t.example.org/graphql'],
    ['https://t.example.org/graphql/', 'https://t.example.org/graphql'],
    ['https://example.org/tessera?x=1#y', 'https://example.org/tessera/graphql'],
  ])('takes %s', (text, address) => {
    expect(graphqlAddress(text).href).toBe(address);
  });

  it.each([undefined, '', ' ', 'localhost:4000', 'ftp://t.example.org', 'http://', '/graphql'])(
    'refuses %j, with an example',
    (text) => {
      expect(() => graphqlAddress(text)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining('--url https://') as string }),
      );
    },
  );

  it('refuses a password and does not repeat it', () => {
    const refused = () => graphqlAddress('https://ada:hunter2@t.example.org');
    expect(refused).toThrow('must not hold a password');
    expect(refused).not.toThrow('hunter2');
  });
});

describe('secretKey', () => {
  it('takes a key with the line end that a file gave it', () => {
    expect(secretKey('tsk_abc\n')).toBe('tsk_abc');
  });

  it.each([
    [undefined, 'NO_KEY'],
    ['  ', 'NO_KEY'],
    ['tpk_abc', 'WRONG_KEY'],
    ['eyJhbGciOi.x.y', 'WRONG_KEY'],
    ['tsk_a\r\nhost: x', 'WRONG_KEY'],
  ])('refuses %j without quoting it', (text, code) => {
    const refused = () => secretKey(text);
    expect(refused).toThrow(expect.objectContaining({ code }));
    if (text !== undefined && text.trim() !== '') expect(refused).not.toThrow(text);
  });
});

it('leaves no key in a text', () => {
  expect(withoutKeys('unknown option --kye=tsk_aB3 tpk_9')).toBe(
    'unknown option --kye=tsk_… tpk_…',
  );
});
