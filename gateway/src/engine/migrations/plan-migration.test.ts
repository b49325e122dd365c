import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { after, before } from '../../../test/engine/ten-steps.ts';
import { contentHash } from './hash.ts';
import { projectNames } from './project-names.ts';
import type { MigrationPlan } from './migration-plan.ts';
import { planMigration } from './plan-migration.ts';

const project = projectNames('abcdefgh01234567');
const plan = (current: string | null, next: string, baseVersion = 1): MigrationPlan =>
  planMigration(current === null ? null : readModel(current), readModel(next), {
    project,
    baseVersion,
  });
const kinds = ({ steps }: MigrationPlan) => steps.map(({ kind, target }) => `${kind} ${target}`);
const summaries = ({ steps }: MigrationPlan) => steps.map(({ summary }) => summary);

describe('a migration plan', () => {
  it('matches the reviewed file', async () => {
    await expect(print(plan(before, after))).toMatchFileSnapshot(
      '../../../test/examples/ten-steps.plan.txt',
    );
  });

  it('drops a renamed type if an earlier schema is applied whose history is unknown', () => {
    expect(kinds(plan(after, before))).toContain('DROP_TABLE Project');
  });

  it('is frozen and has a count query for each step with a hazard', () => {
    const planned = plan(before, after);
    expect(Object.isFrozen(planned.steps[0])).toBe(true);
    for (const { hazard, count } of planned.steps) expect(count === null).toBe(hazard === 'NONE');
  });

  it('can be serialized as JSON', () => {
    const planned = plan(before, after);
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
  });
});

describe('the hash of a plan', () => {
  it('is equal for equal plans and differs for different plans', () => {
    const { hash } = plan(before, after);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan(before, after).hash).toBe(hash);
    const others = [
      plan(before, after, 2),
      plan(null, after),
      plan(before, before),
      // The same steps, but a different next model.
      plan(before, after.replace('type Project @model', 'type Project @model(maxPageSize: 7)')),
      planMigration(readModel(before), readModel(after), {
        project: projectNames('z'.repeat(16)),
        baseVersion: 1,
      }),
    ];
    for (const other of others) expect(other.hash).not.toBe(hash);
  });

  it('does not depend on the summaries, so that an upgrade can reword them', () => {
    const { hash, schema, role, baseVersion, target, locks, ...rest } = plan(before, after);
    const content = { schema, role, baseVersion, target, locks };
    const steps = rest.steps.map(({ kind, target: of, sql, hazard, count }) => {
      return { kind, target: of, sql, hazard, count };
    });
    expect(hash).toBe(contentHash({ ...content, steps }));
  });
});

describe('a migration plan with renames', () => {
  const type = (name: string, rest = '', from = '') =>
    `type ${name} @model${from === '' ? '' : ` @rename(from: "${from}")`} { id: ID! @id ${rest} }`;

  it('uses a temporary name if two types swap their names', () => {
    const current = type('A', 'a: Int') + type('B', 'b: Int');
    const next = type('A', 'b: Int', 'B') + type('B', 'a: Int', 'A');
    expect(summaries(plan(current, next))).toEqual([
      'Rename B to a temporary name.',
      'Rename A to B. All data is kept.',
      'Rename the table with the temporary name to A.',
      'Rename 3 keys and checks to match their tables and columns.',
    ]);
    expect(plan(next, next).steps).toEqual([]);
  });

  it('swaps the names of two fields in a type that is also renamed', () => {
    const current = type('A', 'x: Int y: String');
    const next = type('B', 'y: Int @rename(from: "x") x: String @rename(from: "y")', 'A');
    expect(kinds(plan(current, next)).map((kind) => kind.split(' ')[0])).toEqual([
      'RENAME_TABLE',
      'RENAME_COLUMN',
      'RENAME_COLUMN',
      'RENAME_COLUMN',
      'RENAME_CONSTRAINTS',
    ]);
  });

  it('keeps the join table if one side of a many-to-many relation is renamed', () => {
    const current = type('A', 'bs: [B!]!') + type('B', 'as: [A!]!');
    const next = type('Z', 'bs: [B!]!', 'A') + type('B', 'zs: [Z!]! @rename(from: "as")');
    expect(kinds(plan(current, next))).not.toContain('DROP_TABLE A.bs');
    expect(plan(current, next).steps.every(({ hazard }) => hazard !== 'DATA_LOSS')).toBe(true);
  });

  it('keeps the table if the id field is renamed, and if another field becomes the id', () => {
    const current = type('A');
    const renamed = 'type A @model { key: ID! @id @rename(from: "id") }';
    expect(kinds(plan(current, renamed))).toEqual(['RENAME_COLUMN A.id']);
    const replaced = 'type A @model { key: ID! @id }';
    expect(kinds(plan(current, replaced))).toEqual([
      'DROP_COLUMN A.id',
      'ADD_COLUMN A.key',
      'ADD_KEY A(key)',
    ]);
  });
});

describe('a summary', () => {
  const type = (fields: string) => `type A @model { id: ID! @id ${fields} }`;

  it.each([
    [
      'a: String! @default(value: "en")',
      '(required String, default "en"). Existing rows get the default.',
    ],
    [
      'a: Boolean @default(value: false)',
      '(optional Boolean, default false). Existing rows get the default.',
    ],
    [
      'a: [Int!]! @default(value: [1, 2])',
      '(required [Int!], default [1,2]). Existing rows get the default.',
    ],
    [
      'a: DateTime! @createdAt',
      '(required DateTime, default now()). Existing rows get the default.',
    ],
    ['a: String!', '(required String without a default). The table must be empty.'],
    ['a: String', '(optional String).'],
  ])('of an added field %s says which value existing rows get', (field, end) => {
    expect(summaries(plan(type(''), type(field)))[0]).toBe(`Add A.a ${end}`);
  });

  it('truncates a long default', () => {
    const [summary = ''] = summaries(
      plan(type(''), type(`a: String @default(value: "${'x'.repeat(500)}")`)),
    );
    expect(summary).toContain('default "xxx');
    expect(summary).toContain('x…). Existing rows');
    expect(summary.length).toBeLessThan(150);
  });

  const friends = (name: string, from = '') =>
    `type ${name} @model${from} { id: ID! @id knows: [${name}!]! @relation(name: "k") knownBy: [${name}!]! @relation(name: "k") }`;

  it('tells the foreign keys of a join table apart', () => {
    const keys = summaries(plan(null, friends('A'))).filter((text) => text.includes('foreign key'));
    expect(keys).toEqual([
      'Add the foreign key on known_by_owner_id in the join table for A.knownBy (on delete: cascade).',
      'Add the foreign key on knows_owner_id in the join table for A.knownBy (on delete: cascade).',
    ]);
  });

  it('names the join table whose primary key and index change when a model is renamed', () => {
    const many = (a: string, rename = '') =>
      `type ${a} @model${rename} { id: ID! @id bs: [B!]! } type B @model { id: ID! @id as: [${a}!]!  }`;
    const changed = summaries(plan(many('A'), many('Z', ' @rename(from: "A")')));
    expect(changed.filter((text) => / (primary key|index) /.test(text))).toEqual([
      'Drop the primary key (a_id, b_id) in the join table for A.bs.',
      'Drop the index (b_id) in the join table for A.bs.',
      'Add the primary key (b_id, z_id) in the join table for B.as.',
      'Add the index (z_id) in the join table for B.as.',
    ]);
  });
});

describe('the order of steps', () => {
  it('allows types to reference each other', () => {
    const sdl = `
      type A @model { id: ID! @id b: B @relation(name: "x") bs: [B!]! @relation(name: "y") }
      type B @model { id: ID! @id a: A @relation(name: "y") as: [A!]! @relation(name: "x") }`;
    expect(kinds(plan(null, sdl))).toEqual([
      'CREATE_TABLE A',
      'CREATE_TABLE B',
      'ADD_FOREIGN_KEY A.b',
      'ADD_FOREIGN_KEY B.a',
    ]);
    const gone = plan(sdl, '');
    expect(kinds(gone)).toEqual(['DROP_TABLE A', 'DROP_TABLE B']);
    expect(gone.steps[0]?.sql).toEqual([
      'ALTER TABLE "p_abcdefgh01234567"."b" DROP CONSTRAINT "b:a_id:fkey"',
      'DROP TABLE "p_abcdefgh01234567"."a"',
    ]);
  });

  it('drops a field before another field takes its name', () => {
    const current = 'type A @model { id: ID! @id x: JSON y: Int z: Int }';
    const next =
      'type A @model { id: ID! @id x: Int y: Int @rename(from: "z") z: Int @rename(from: "y") }';
    expect(kinds(plan(current, next))).toEqual([
      'DROP_COLUMN A.x',
      'RENAME_COLUMN A.z',
      'RENAME_COLUMN A.y',
      'RENAME_COLUMN A.y',
      'ADD_COLUMN A.x',
    ]);
  });

  it('ignores a rename to the name of an existing field', () => {
    const current = 'type A @model { id: ID! @id x: Int y: Int }';
    const next = 'type A @model { id: ID! @id x: Int @rename(from: "y") }';
    expect(kinds(plan(current, next))).toEqual(['DROP_COLUMN A.y']);
  });
});

describe('no steps are planned for', () => {
  it.each([
    ['descriptions', '"""A""" type A @model { id: ID! @id "f" f: Int }'],
    [
      'the page size and the plural',
      'type A @model(maxPageSize: 5, plural: "lots") { id: ID! @id f: Int }',
    ],
    ['the order of fields', 'type A @model { f: Int id: ID! @id }'],
    [
      'a rename from a name that does not exist',
      'type A @model @rename(from: "X") { id: ID! @id f: Int @rename(from: "y") }',
    ],
    ['an enum that is not used', 'enum E { X } type A @model { id: ID! @id f: Int }'],
  ])('%s', (_, next) => {
    expect(plan('type A @model { id: ID! @id f: Int }', next).steps).toEqual([]);
  });

  it('a change to a type with the same column type', () => {
    const current = 'type A @model { id: ID! @id f: UUID }';
    expect(plan(current, 'type A @model { id: ID! @id f: ID }').steps).toEqual([]);
  });
});

function print({ steps, locks }: MigrationPlan): string {
  const lines = steps.flatMap(({ kind, target, summary, sql, hazard, count }) => [
    `${kind} ${target} [${hazard}]`,
    `  ${summary}`,
    ...sql.map((statement) => `  ${statement};`),
    ...(count === null ? [] : [`  -- ${count}`]),
    '',
  ]);
  return [...lines, `exclusive locks: ${locks.exclusive.join(', ')}`, ''].join('\n');
}
