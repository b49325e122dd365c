import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { explainBadKeys } from '../sdl/key-diagnostics.ts';
import { findBadKeys } from './find-bad-keys.ts';
import { noHistory } from './lineage.ts';
import { planMigration } from './plan-migration.ts';
import { projectNames } from './project-names.ts';

const diagnostics = (current: string, next: string) =>
  explainBadKeys(next, findBadKeys(readModel(current), readModel(next), noHistory));

const domains = (domain: string, relation = '') =>
  `type Domain @model { ${domain} links: [Link!]! }\ntype Link @model { id: ID! @id domain: Domain! ${relation} }`;

const events = (event: string, directives = '') =>
  `type Event @model ${directives} { ${event} hosts: [Member!]! }\ntype Member @model { id: ID! @id events: [Event!]! }`;

describe('a change of a key is refused', () => {
  it('if its values cannot be converted', () => {
    const next = 'type Event @model {\n  id: Int! @id\n}';
    expect(diagnostics('type Event @model { id: ID! @id }', next)).toEqual([
      {
        code: 'BAD_KEY_CHANGE',
        message: 'The key Event.id cannot change from ID to Int, because there is no conversion.',
        hint: 'Keep `id: UUID! @unique @default(generate: UUID)`, and add the new key under another name, such as `key: Int! @id`. Write `@relation(references: ["id"])` on each relation that references Event.',
        line: 2,
        column: 12,
      },
    ]);
  });

  it('if a relation references the old key', () => {
    const next = domains('id: ID! @unique slug: String! @id');
    expect(diagnostics(domains('id: ID! @id slug: String! @unique'), next)).toEqual([
      {
        code: 'BAD_KEY_CHANGE',
        message:
          'The key of Domain cannot change from (id) to (slug), because relations reference the old key: Link.domain.',
        hint: 'Keep `id` with @unique, and write `@relation(references: ["id"])` on each of these relations.',
        line: 1,
        column: next.lastIndexOf('@id links') + 1,
      },
    ]);
  });

  it('if a relation references the old key of several fields', () => {
    const cells = (key: string, id = '') =>
      `type Cell @model ${key} { ${id} shelf: Int! place: Int! parent: Cell }`;
    expect(
      diagnostics(cells('@id(fields: ["shelf", "place"])'), cells('', 'id: ID! @id')),
    ).toMatchObject([
      {
        message:
          'The key of Cell cannot change from (shelf, place) to (id), because relations reference the old key: Cell.parent.',
        hint: 'Keep these fields with `@unique(fields: ["shelf", "place"])`, and write `@relation(references: ["shelf", "place"])` on each of these relations.',
      },
    ]);
  });

  it('if a many-to-many relation references the old key', () => {
    expect(diagnostics(events('id: ID! @id'), events('id: ID! slug: String! @id'))).toMatchObject([
      {
        message:
          'The key of Event cannot change from (id) to (slug), because relations reference the old key: Event.hosts.',
        hint: 'Keep the key. A many-to-many relation always references it. To change the key, first replace the relation by a type with two relations.',
      },
    ]);
  });

  it('if a relation in the key would reference other rows', () => {
    const cells = (target: string) =>
      `type A @model { id: ID! @id } type B @model { id: ID! @id } type Cell @model @id(fields: ["at", "n"]) { at: ${target}! n: Int! }`;
    expect(diagnostics(cells('A'), cells('B'))).toMatchObject([
      {
        message:
          'Cell.at belongs to the key and would reference other rows, so the rows of Cell could not be identified.',
        hint: 'Add the new relation under another name, and list it in `@id(fields:)` instead of at.',
      },
    ]);
  });
});

describe('a change of a key is not refused', () => {
  it.each([
    ['a conversion', 'id: ID! @id', 'id: String! @id'],
    ['a new name', 'id: ID! @id', 'key: ID! @id @rename(from: "id")'],
    ['a new type', 'id: ID! @id n: Int!', 'id: ID! n: Int! @id'],
  ])('%s', (_, before, after) => {
    const type = (fields: string) => `type Event @model { ${fields} }`;
    expect(diagnostics(type(before), type(after))).toEqual([]);
  });

  it('if the relations name the old key, or reference other fields', () => {
    const before = domains('id: ID! @id slug: String! @unique');
    const next = domains('id: ID! @unique slug: String! @id', '@relation(references: ["id"])');
    expect(diagnostics(before, next)).toEqual([]);
    expect(diagnostics(next, before)).toEqual([]);
    const bySlug = '@relation(references: ["slug"])';
    expect(
      diagnostics(
        domains('id: ID! @id slug: String! @unique n: Int!', bySlug),
        domains('n: Int! @id slug: String! @unique', bySlug),
      ),
    ).toEqual([]);
  });

  it('if the hint for a key without a conversion is followed', () => {
    const before = domains('id: ID! @id');
    const [refused] = diagnostics(before, domains('id: Int! @id'));
    const [kept = '', added = ''] = [...(refused?.hint ?? '').matchAll(/`(\w+: [^`]+)`/g)].map(
      ([, field = '']) => field,
    );
    const next = domains(`${kept} ${added}`, '@relation(references: ["id"])');
    expect(diagnostics(before, next)).toEqual([]);
    const project = projectNames('abcdefgh01234567');
    const { steps } = planMigration(readModel(before), readModel(next), {
      project,
      baseVersion: 1,
    });
    expect(steps.map(({ hazard }) => hazard)).not.toContain('DATA_LOSS');
  });

  it('if the relation is new', () => {
    expect(
      diagnostics(
        'type Domain @model { id: ID! @id slug: String! @unique }',
        domains('slug: String! @id'),
      ),
    ).toEqual([]);
  });
});
