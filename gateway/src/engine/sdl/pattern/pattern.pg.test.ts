import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../../../../test/database.ts';
import { createPatternChecks } from './pattern-checks.ts';
import { compilePattern, formatPatterns } from './pattern.ts';

const database = useTestDatabase();

const characters = [
  'a',
  'b',
  'Z',
  '0',
  '9',
  '-',
  '_',
  '.',
  ' ',
  '\n',
  '\r',
  '\t',
  '\\',
  ']',
  '^',
  '$',
  '{',
  '/',
  'ü',
  '🦉',
  '\u2028',
];
const escaped = (character: string) =>
  /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;

const character = fc.constantFrom(...characters).map(escaped);
const classMember = fc.oneof(
  fc.constantFrom(...characters.filter((c) => c !== '-')).map(escaped),
  fc.constantFrom('a-z', '0-9', '\\-', 'A-Z'),
);
const characterClass = fc
  .tuple(fc.boolean(), fc.array(classMember, { minLength: 1, maxLength: 4 }))
  .map(([negated, members]) => `[${negated ? '^' : ''}${members.join('')}]`);
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        character,
        characterClass,
        fc.constantFrom('.', '\\n', '\\t'),
        tie('pattern').map((inner) => `(?:${inner})`),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
      ),
      fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,3}'),
    )
    .map((parts) => parts.join('')),
  pattern: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
}));

const accepted = pattern
  .map((inner) => `^${inner}$`)
  .filter((candidate) => {
    try {
      createPatternChecks().check(candidate);
      return true;
    } catch {
      return false;
    }
  });

/** Short strings of characters that occur in the patterns, so that some of the strings match. */
const texts = fc.array(
  fc
    .array(fc.constantFrom(...characters, 'c', 'x', 'A'), { maxLength: 5 })
    .map((all) => all.join('')),
  { minLength: 20, maxLength: 20 },
);

it(
  'accepted patterns match the same strings in PostgreSQL and in JavaScript',
  { timeout: 120_000 },
  async () => {
    const seed = randomInt(2 ** 31);
    console.info(`patterns: seed ${seed}`);
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(accepted, texts, async (candidate, candidates) => {
        const { rows } = await database.pool.query<{ matches: boolean }>(
          'SELECT value ~ $1 AS matches FROM unnest($2::text[]) WITH ORDINALITY AS v (value, n) ORDER BY n',
          [candidate, candidates],
        );
        const compiled = compilePattern(candidate);
        const ours = candidates.map((value) => compiled.test(value));
        expect(ours).toEqual(rows.map((row) => row.matches));
        matches += ours.filter(Boolean).length;
      }),
      { seed, numRuns: 500 },
    );
    // The comparison is meaningful only if enough of the strings match.
    expect(matches).toBeGreaterThan(200);
  },
);

it('formats match the same strings in PostgreSQL and in JavaScript', async () => {
  const samples = [
    'ada@example.org',
    'a@b',
    'x',
    'https://a.b/c?d#e',
    'http://',
    'a-b',
    '+41791234567',
    '#00ff00',
    'a@b\n',
    '',
  ];
  for (const format of Object.values(formatPatterns)) {
    const { rows } = await database.pool.query<{ matches: boolean }>(
      'SELECT value ~ $1 AS matches FROM unnest($2::text[]) WITH ORDINALITY AS v (value, n) ORDER BY n',
      [format, samples],
    );
    expect(samples.map((value) => compilePattern(format).test(value))).toEqual(
      rows.map((row) => row.matches),
    );
  }
});
