import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { targetHash } from './target-hash.ts';

const tracker = await readFile(
  new URL('../../../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);

it('is the same as in version 0.1 for a schema that uses nothing newer', () => {
  expect(targetHash(readModel(tracker))).toBe(
    '37a72a529b534dd26f153d040da967f02e21053162118e02d6055d677a257ae1',
  );
});

const base = 'enum E { A B } type T @model { id: ID! @id e: E! d: DateTime n: Decimal }';

it.each([
  ['type T @model {', 'type T @model @deprecated {'],
  ['Decimal', 'Decimal @decimal(precision: 4, scale: 2)'],
  ['e: E!', 'e: E! @deprecated(reason: "Use n.")'],
  ['{ A B }', '{ A B @deprecated }'],
  ['{ A B }', '{ A "The second." B }'],
])('changes if %s becomes %s', (before, after) => {
  expect(targetHash(readModel(base.replace(before, after)))).not.toBe(targetHash(readModel(base)));
});
