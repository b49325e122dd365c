import { describe, expect, it } from 'vitest';
import { graphqlAddress, secretKey, withoutKeys } from './credentials.ts';

describe('graphqlAddress', () => {
  it.each([
    ['http://localhost:4000', 'http://localhost:4000/graphql'],
    ['https://t.example.org/', 'https://t.example.org/graphql'],
    ['https://t.example.org/graphql/', 'https://t.example.org/graphql'],
    ['https://t.example.org/?x=1#y', 'https://t.example.org/graphql'],
    [' http://localhost:4000\n', 'http://localhost:4000/graphql'],
  ])('accepts %s', (text, address) => {
    expect(graphqlAddress(text).href).toBe(address);
  });

  it.each([undefined, '', ' ', 'localhost:4000', 'ftp://t.example.org', 'http://', '/graphql'])(
    'rejects %j with an example of a valid address',
    (text) => {
      expect(() => graphqlAddress(text)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining('--url https://') as string }),
      );
    },
  );

  it.each(['http://localhost:4000/p/abc/graphql', 'http://localhost:4000/graphql/x'])(
    'rejects %s because it has a path, and suggests its origin',
    (text) => {
      expect(() => graphqlAddress(text)).toThrow(
        expect.objectContaining({
          code: 'BAD_URL',
          message: `The URL "${text}" has a path.`,
          hint: "Use only the gateway's address: http://localhost:4000",
        }),
      );
    },
  );

  it.each([
    ['ftp://x', 'The URL "ftp://x" must begin with http:// or https://.'],
    ['localhost:4000', 'The URL "localhost:4000" must begin with http:// or https://.'],
    ['http://', 'The URL "http://" is invalid.'],
    ['ftp://ada:hunter2@x', 'The URL must begin with http:// or https://.'],
    ['http://ada:hunter2@', 'The URL is invalid.'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => graphqlAddress(text)).toThrow(expect.objectContaining({ message }));
  });

  it('rejects an address with a password and does not repeat the password', () => {
    const refused = () => graphqlAddress('https://ada:hunter2@t.example.org');
    expect(refused).toThrow('must not contain a user name or password');
    expect(refused).not.toThrow('hunter2');
  });
});

describe('secretKey', () => {
  it('ignores the line break at the end of a key that was read from a file', () => {
    expect(secretKey('tsk_abc\n')).toBe('tsk_abc');
  });

  it.each([
    [undefined, 'NO_KEY'],
    ['  ', 'NO_KEY'],
    ['tpk_abc', 'WRONG_KEY'],
    ['eyJhbGciOi.x.y', 'WRONG_KEY'],
    ['tsk_a\r\nhost: x', 'WRONG_KEY'],
  ])('rejects %j without quoting it', (text, code) => {
    const refused = () => secretKey(text);
    expect(refused).toThrow(expect.objectContaining({ code }));
    if (text !== undefined && text.trim() !== '') expect(refused).not.toThrow(text);
  });
});

it('removes every key from a text', () => {
  expect(withoutKeys('unknown option --kye=tsk_aB3 tpk_9')).toBe(
    'unknown option --kye=tsk_… tpk_…',
  );
});
