import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { planMigration } from './plan-migration.ts';
import { projectNames } from './project-names.ts';
import { targetHash } from './target-hash.ts';

const example = (name: string) =>
  readFile(new URL(`../../../test/examples/${name}.graphql`, import.meta.url), 'utf8');

/** The hashes that version 0.1 computed for these schemas. */
it.each([
  [
    'tracker',
    '37a72a529b534dd26f153d040da967f02e21053162118e02d6055d677a257ae1',
    '8c70fdb1b323f79c3ce2a189b5b822e5f802c81c56bce7f1b27482070c29ab12',
  ],
  [
    'version-0-1',
    'a5b867815db7fc9156d108c222dab249735031ea78a583c882497b113c4451cb',
    '917d5250b4e1faeb217f259530e51e63f964ca271be7b6390d7497fd5cdf22cb',
  ],
])(
  'is the same as in version 0.1 for the schema %s, and so is the plan',
  async (name, ofModel, ofPlan) => {
    const model = readModel(await example(name));
    expect(targetHash(model)).toBe(ofModel);
    const project = projectNames('abcdefgh01234567');
    expect(planMigration(null, model, { project, baseVersion: 1 }).hash).toBe(ofPlan);
  },
);

const base =
  'enum E { A B } type T @model { id: ID! @id e: E! d: DateTime n: Decimal other: ID! @unique parent: T }';

it.each([
  ['type T @model {', 'type T @model @deprecated {'],
  ['DateTime', 'DateTime @default(generate: NOW)'],
  ['Decimal', 'Decimal @decimal(precision: 4, scale: 2)'],
  ['e: E!', 'e: E! @deprecated(reason: "Use n.")'],
  ['{ A B }', '{ A B @deprecated }'],
  ['{ A B }', '{ A "The second." B }'],
  ['d: DateTime', 'd: DateTime @backfill(generate: NOW)'],
  ['id: ID! @id', 'id: String! @id(generate: CUID)'],
  ['parent: T', 'parent: T @relation(references: ["other"])'],
  ['id: ID! @id e: E!', 'id: ID! e: E! @id'],
])('changes if %s becomes %s', (before, after) => {
  expect(targetHash(readModel(base.replace(before, after)))).not.toBe(targetHash(readModel(base)));
});
