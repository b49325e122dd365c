import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { ValidationError } from '../errors/expected-error.ts';
import { displayName, emailAddress, isUuid, parseInput, requireId } from './input.ts';
import { slug, slugFromName } from '../slugs.ts';

describe('parseInput', () => {
  it('reports all issues together, each with its path', () => {
    const schema = z.object({ name: displayName, tags: z.array(slug) });
    const parse = () => parseInput(schema, { name: ' ', tags: ['fine', 'NOT'] });
    expect(parse).toThrow(ValidationError);
    try {
      parse();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'VALIDATION_FAILED',
        issues: [{ path: ['name'] }, { path: ['tags', '1'] }],
      });
    }
  });
});

describe('displayName', () => {
  it('trims and normalizes the text', () => {
    expect(displayName.parse('  Ame\u0301lie ')).toBe('Am\u00e9lie');
  });

  it('counts characters, not code units', () => {
    expect(displayName.safeParse('😀'.repeat(80)).success).toBe(true);
    expect(displayName.safeParse('😀'.repeat(81)).success).toBe(false);
  });

  it.each(['', '   ', 'a\u0000b', 'a\nb', 'a\u0085b', '\ud800'])('rejects %j', (text) => {
    expect(displayName.safeParse(text).success).toBe(false);
  });
});

describe('emailAddress', () => {
  it('normalizes the address', () => {
    expect(emailAddress.parse(' Ada@Example.ORG ')).toBe('ada@example.org');
  });

  it.each(['', 'ada', 'ada@', '@example.org', 'a b@example.org', 'a\u0000@example.org'])(
    'rejects %j',
    (text) => {
      expect(emailAddress.safeParse(text).success).toBe(false);
    },
  );

  it('rejects an address longer than 254 characters', () => {
    expect(emailAddress.safeParse(`${'a'.repeat(250)}@example.org`).success).toBe(false);
  });
});

describe.each([
  ['displayName', displayName],
  ['emailAddress', emailAddress],
])('%s', (_name, schema) => {
  it.each([
    ['letters', 'a'.repeat(4_000_000)],
    ['letters before a domain', `${'a'.repeat(4_000_000)}@example.org`],
    ['parts of an address', `${'a.'.repeat(2_000_000)}@example.org`],
    ['parts of a domain', `a@${'b.'.repeat(2_000_000)}org`],
    ['spaces', ' '.repeat(4_000_000)],
    ['combining characters', '\u0301'.repeat(4_000_000)],
    ['a character whose normalization is longer', '\ufb2c'.repeat(4_000_000)],
  ])('rejects 4 million %s with one message', (_kind, text) => {
    const { success, error } = schema.safeParse(text);
    expect(success).toBe(false);
    expect(error?.issues).toHaveLength(1);
  });
});

describe('slugFromName', () => {
  it.each([
    ['Acme, Inc.', 'acme-inc'],
    ['Économie Été', 'economie-ete'],
    ['  --x1y--  ', 'x1y'],
    ['日本', null],
    ['ab', null],
    ['a'.repeat(60), 'a'.repeat(40)],
  ])('converts %j to %j', (name, expected) => {
    expect(slugFromName(name)).toBe(expected);
    if (expected !== null) expect(slug.safeParse(expected).success).toBe(true);
  });
});

describe('requireId', () => {
  it('accepts ids in upper and lower case, and rejects other strings as not found', () => {
    expect(isUuid('0192F0C0-0000-7000-8000-000000000000')).toBe(true);
    expect(requireId('0192F0C0-0000-7000-8000-000000000000', 'key')).toBe(
      '0192f0c0-0000-7000-8000-000000000000',
    );
    expect(() => requireId("' OR 1=1 --", 'key')).toThrow('The key does not exist');
  });
});
