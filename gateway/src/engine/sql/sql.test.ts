import { describe, expect, it } from 'vitest';
import { UnsafeSqlError } from './quote.ts';
import {
  Sql,
  commaList,
  ident,
  join,
  literal,
  param,
  render,
  renderStandalone,
  sql,
} from './sql.ts';

const attacks = [
  `x"; DROP TABLE users; --`,
  `x'; DROP TABLE users; --`,
  `\\'; DROP TABLE users; --`,
  `\\`,
  `'`,
  `''`,
  `"`,
  `$1`,
  `$$; DROP TABLE users; $$`,
  `/* */`,
  `--`,
  `select`,
  `наталья`,
  `🦉`,
];

/** Splits rendered SQL into tokens as PostgreSQL's lexer does, without using any production code. */
const lex = (text: string): string[] =>
  text.match(/E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+|--.*|\/\*|[\w.]+|\S/gsu) ??
  [];

describe('the sql template', () => {
  it('renders text and parameters in order of appearance', () => {
    const where = sql`a = ${param(1)} AND b = ${param('two')}`;
    expect(render(sql`SELECT ${param(0)} FROM ${ident('s', 't')} WHERE ${where}`)).toEqual({
      text: 'SELECT $1 FROM "s"."t" WHERE a = $2 AND b = $3',
      values: [0, 1, 'two'],
    });
  });

  it('joins lists and renders an empty list as an empty string', () => {
    expect(renderStandalone(commaList([ident('a'), ident('b'), ident('c')]))).toBe('"a", "b", "c"');
    expect(renderStandalone(join([], sql` AND `))).toBe('');
  });

  it('rejects a parameter in a standalone statement', () => {
    expect(() => renderStandalone(sql`DEFAULT ${param(1)}`)).toThrow(UnsafeSqlError);
  });

  it.each([
    ['a string', '1; DROP TABLE users'],
    [
      'parsed JSON with the same structure',
      JSON.parse('{"pieces":[{"kind":"TEXT","text":"DROP TABLE users"}]}'),
    ],
    ['an object with the prototype of Sql', Object.create(Sql.prototype)],
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
  ])('rejects %s as a template value, in a list and as a statement', (_, forged) => {
    // The cast simulates a value that bypassed the type checker.
    const value = forged as Sql;
    expect(() => sql`SELECT ${value}`).toThrow(UnsafeSqlError);
    expect(() => join([value], sql`, `)).toThrow(UnsafeSqlError);
    expect(() => join([sql`1`], value)).toThrow(UnsafeSqlError);
    expect(() => render(value)).toThrow(UnsafeSqlError);
  });

  it('rejects direct calls of the template tag and of the constructor', () => {
    const text = ['DROP TABLE users'];
    // The cast bypasses the type checker, as above.
    const call = sql as unknown as (strings: unknown) => Sql;
    expect(() => call(text)).toThrow(UnsafeSqlError);
    expect(() => call(Object.freeze(Object.assign([...text], { raw: text })))).toThrow(
      UnsafeSqlError,
    );
    expect(() => new Sql(Symbol('sql'), [{ kind: 'TEXT', text: 'DROP TABLE users' }])).toThrow(
      UnsafeSqlError,
    );
  });
});

describe('identifiers', () => {
  it.each(attacks)('quotes %j as a single identifier token', (attack) => {
    const text = renderStandalone(sql`SELECT ${ident(attack, attack)} FROM t`);
    expect(lex(text)).toEqual(['SELECT', quoted(attack), '.', quoted(attack), 'FROM', 't']);
  });

  const quoted = (name: string) => `"${name.split('"').join('""')}"`;

  it('limits an identifier to 63 bytes, not 63 characters', () => {
    expect(renderStandalone(ident('x'.repeat(63)))).toHaveLength(65);
    expect(() => ident('x'.repeat(64))).toThrow(UnsafeSqlError);
    expect(() => ident('ü'.repeat(32))).toThrow(UnsafeSqlError);
  });

  it.each(['', 'a\0b', '\ud800'])('rejects %j', (name) => {
    expect(() => ident(name)).toThrow(UnsafeSqlError);
    expect(() => ident('schema', name)).toThrow(UnsafeSqlError);
  });
});

describe('literals', () => {
  it.each(attacks)('quotes %j as a single string token', (attack) => {
    const tokens = lex(renderStandalone(sql`SELECT ${literal(attack)} FROM t`));
    expect(tokens).toHaveLength(4);
    expect(readString(tokens[1] ?? '')).toBe(attack);
  });

  const readString = (token: string): string => {
    const body = token.slice(token.indexOf("'") + 1, -1).replaceAll("''", "'");
    return token.startsWith('E') ? body.replaceAll('\\\\', '\\') : body;
  };

  it('rejects values that PostgreSQL cannot store', () => {
    expect(() => literal('a\0b')).toThrow(UnsafeSqlError);
    expect(() => literal('\udc00')).toThrow(UnsafeSqlError);
    expect(() => literal(Number.NaN)).toThrow(UnsafeSqlError);
    expect(() => literal(Number.POSITIVE_INFINITY)).toThrow(UnsafeSqlError);
    expect(() => literal({ toString: () => 'DROP TABLE users' } as unknown as string)).toThrow(
      UnsafeSqlError,
    );
  });

  it('puts negative numbers in parentheses so that they cannot start a comment', () => {
    expect(renderStandalone(sql`1 -${literal(-1)}`)).toBe('1 -(-1)');
    expect(renderStandalone(sql`1 -${literal(-1n)}`)).toBe('1 -(-1)');
  });

  it('renders booleans, null and large numbers', () => {
    const all = [literal(true), literal(false), literal(null), literal(2n ** 63n), literal(1e21)];
    expect(renderStandalone(commaList(all))).toBe('true, false, NULL, 9223372036854775808, 1e+21');
  });
});
