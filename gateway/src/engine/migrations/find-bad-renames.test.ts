import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { explainBadRenames } from '../sdl/rename-diagnostics.ts';
import { findBadRenames } from './find-bad-renames.ts';
import { noHistory } from './lineage.ts';

const type = (name: string, fields: string, rename = '') =>
  `type ${name} @model ${rename} { id: ID! @id ${fields} }`;
const from = (name: string) => `@rename(from: "${name}")`;

const diagnostics = (current: string, next: string) =>
  explainBadRenames(next, findBadRenames(readModel(current), readModel(next), noHistory));

describe('@rename is reported', () => {
  it('if the current schema has neither the old nor the new field', () => {
    const next = `type Form @model {\n  id: ID! @id\n  branding: Boolean ${from('watermrk')}\n}`;
    expect(diagnostics(type('Form', 'watermark: Boolean'), next)).toEqual([
      {
        code: 'BAD_RENAME',
        message:
          'Form.branding cannot be renamed from watermrk: the current schema has neither Form.watermrk nor Form.branding.',
        hint: 'Set `from` to a name in the current schema, or remove @rename if Form.branding is new. Did you mean `@rename(from: "watermark")`?',
        line: 3,
        column: 21,
      },
    ]);
  });

  it('if the current schema still has both fields', () => {
    const next = type('Card', `fresh: Int ${from('old')}`);
    expect(diagnostics(type('Card', 'old: Int fresh: Int'), next)).toMatchObject([
      {
        code: 'BAD_RENAME',
        message:
          'Card.fresh cannot be renamed from old: the current schema has both Card.old and Card.fresh.',
        column: next.indexOf('@rename') + 1,
      },
    ]);
  });

  it.each([
    ['both types', type('A', '') + type('B', ''), type('A', '', from('B'))],
    ['neither type, and one is dropped', type('Plan', ''), type('Offer', '', from('Pln'))],
    [
      'neither side of a many-to-many relation',
      type('A', 'bs: [B!]!') + type('B', 'as: [A!]!'),
      type('A', `x: [B!]! ${from('cs')}`) + type('B', `y: [A!]! ${from('as')}`),
    ],
  ])('for %s', (_what, current, next) => {
    expect(diagnostics(current, next)).toMatchObject([{ code: 'BAD_RENAME' }]);
  });
});

describe('@rename is not reported', () => {
  it.each([
    ['if it is performed', type('A', 'x: Int'), type('B', `y: Int ${from('x')}`, from('A'))],
    ['if it was performed earlier', type('B', 'y: Int', from('A')), type('B', '', from('A'))],
    ['if the new name is there', type('B', 'y: Int'), type('B', `y: Int ${from('x')}`, from('A'))],
    ['on a new type', type('A', ''), type('A', '') + type('C', `y: Int ${from('x')}`, from('B'))],
    ['in an empty project', '', type('B', `y: Int ${from('x')}`, from('A'))],
    [
      'for a swap',
      type('A', 'x: Int y: Int'),
      type('A', `x: Int ${from('y')} y: Int ${from('x')}`),
    ],
    [
      'if the old name is used again',
      type('B', '', from('A')),
      type('B', '', from('A')) + type('A', ''),
    ],
    [
      'for the foreign key of a relation that becomes a scalar',
      type('A', 'owner: B') + type('B', 'as: [A!]!'),
      type('A', `keeper: UUID ${from('ownerId')}`) + type('B', ''),
    ],
  ])('%s', (_when, current, next) => {
    expect(diagnostics(current, next)).toEqual([]);
  });

  it('in an earlier version that is restored', () => {
    const models = [type('C', ''), type('B', '', from('A'))].map(readModel);
    const [current, next] = models;
    if (current === undefined || next === undefined) throw new Error('There are two models.');
    const lineage = {
      types: [
        {
          names: [
            { name: 'B', since: 1 },
            { name: 'C', since: 2 },
          ],
          fields: [],
        },
      ],
    };
    expect(findBadRenames(current, next, { lineage, restored: null })).toEqual([]);
    expect(findBadRenames(current, next, { lineage: null, restored: 1 })).toEqual([]);
    expect(findBadRenames(current, next, noHistory)).toHaveLength(1);
  });
});
