import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import type { AccessOperation, Audience } from '../sdl/access-model.ts';
import { linesOf } from '../sdl/definition-lines.ts';
import { effectiveRights, type EffectiveRight, type ModelRights } from './effective-rights.ts';

function rightsOf(text: string, name = 'Post'): ModelRights {
  const { models } = effectiveRights(readModel(text), linesOf(text));
  const found = models.find(({ model }) => model === name);
  if (found === undefined) throw new Error(`There is no model ${name}.`);
  return found;
}

const sdl = (rules: string, fields = '') => `
type User @model @user { id: ID! @id team: ID }
type Claims @claims { level: Int }
type Box @model @allow(to: READ, where: { ownerId: { eq: "$user.id" } }) { id: ID! @id ownerId: ID posts: [Post!]! }
type Open @model @allow(to: READ, as: PUBLIC) { id: ID! @id posts: [Post!]! }
type Post @model ${rules} { id: ID! @id n: Int authorId: ID at: DateTime @createdAt box: Box open: Open ${fields} }`;

/** `NONE SOME ALL`: the extents for PUBLIC, GUEST and USER. */
function extentsOf(rights: readonly EffectiveRight[], operation: AccessOperation): string {
  const of = (audience: Audience) =>
    rights.find((right) => right.operation === operation && right.audience === audience)?.extent;
  return [of('PUBLIC'), of('GUEST'), of('USER')].join(' ');
}

describe('the rights of a model', () => {
  it.each<[string, AccessOperation, string]>([
    ['', 'READ', 'NONE NONE NONE'],
    ['@allow(to: READ)', 'READ', 'NONE NONE ALL'],
    ['@allow(to: READ, as: GUEST)', 'READ', 'NONE ALL ALL'],
    ['@allow(to: READ, as: PUBLIC)', 'READ', 'ALL ALL ALL'],
    ['@allow(to: READ, as: PUBLIC)', 'CREATE', 'NONE NONE NONE'],
    ['@allow(to: READ, where: { n: { eq: 1 } })', 'READ', 'NONE NONE SOME'],
    ['@allow(to: READ, where: { n: { eq: 1 } }) @allow(to: READ)', 'READ', 'NONE NONE ALL'],
    [
      '@allow(to: READ, as: PUBLIC, where: { n: { eq: 1 } }) @allow(to: READ)',
      'READ',
      'SOME SOME ALL',
    ],
    ['@allow(to: READ, claims: { level: { eq: 1 } })', 'READ', 'NONE NONE SOME'],
    ['@allow(to: READ, user: {})', 'READ', 'NONE NONE SOME'],
    ['@allow(to: READ) @require(to: READ, where: { n: { eq: 1 } })', 'READ', 'NONE NONE SOME'],
    ['@allow(to: READ) @require(to: READ)', 'READ', 'NONE NONE ALL'],
    // Callers who are signed out have no row and no claims.
    [
      '@allow(to: READ, as: PUBLIC, where: { authorId: { eq: "$user.id" } })',
      'READ',
      'NONE SOME SOME',
    ],
    [
      '@allow(to: READ, as: PUBLIC, where: { or: [{ authorId: { eq: "$user.id" } }, { n: { eq: 1 } }] })',
      'READ',
      'SOME SOME SOME',
    ],
    [
      '@allow(to: READ, as: PUBLIC, where: { or: [{ not: { authorId: { eq: "$user.id" } } }, { n: { eq: 1 } }] })',
      'READ',
      'NONE SOME SOME',
    ],
    ['@allow(to: READ, as: PUBLIC, where: { not: { n: { eq: 1 } } })', 'READ', 'SOME SOME SOME'],
    [
      '@allow(to: READ, as: PUBLIC, where: { box: { ownerId: { eq: "$user.id" } } })',
      'READ',
      'NONE SOME SOME',
    ],
    [
      '@allow(to: READ, as: PUBLIC, where: { box: { posts: { some: { authorId: { eq: "$user.id" } } } } })',
      'READ',
      'NONE SOME SOME',
    ],
    [
      '@allow(to: READ, as: PUBLIC, where: { box: { posts: { every: { authorId: { eq: "$user.id" } } } } })',
      'READ',
      'NONE SOME SOME',
    ],
    ['@allow(to: READ, as: PUBLIC, where: { box: { _can: READ } })', 'READ', 'NONE NONE SOME'],
    ['@allow(to: READ, as: PUBLIC, where: { open: { _can: READ } })', 'READ', 'SOME SOME SOME'],
    ['@allow(to: READ, as: PUBLIC, claims: { level: { eq: 1 } })', 'READ', 'NONE SOME SOME'],
    ['@allow(to: READ, as: PUBLIC, claims: { level: { isNull: true } })', 'READ', 'SOME SOME SOME'],
    ['@allow(to: READ, as: PUBLIC, user: {})', 'READ', 'NONE SOME SOME'],
    ['@allow(to: READ, as: PUBLIC) @require(to: READ, user: {})', 'READ', 'NONE SOME SOME'],
    [
      '@allow(to: READ, as: PUBLIC) @require(to: READ, where: { authorId: { eq: "$user.id" } })',
      'READ',
      'NONE SOME SOME',
    ],
    // UPDATE and DELETE need READ.
    ['@allow(to: UPDATE)', 'UPDATE', 'NONE NONE NONE'],
    ['@allow(to: DELETE) @allow(to: READ, where: { n: { eq: 1 } })', 'DELETE', 'NONE NONE SOME'],
    ['@allow(to: [READ, DELETE])', 'DELETE', 'NONE NONE ALL'],
    ['@allow(to: CREATE)', 'CREATE', 'NONE NONE ALL'],
    ['@allow(to: [READ, UPDATE], check: { n: { eq: 1 } })', 'UPDATE', 'NONE NONE SOME'],
    ['@allow(to: [READ, UPDATE], check: { n: { eq: 1 } })', 'READ', 'NONE NONE ALL'],
    ['@allow(to: [READ, UPDATE], check: {})', 'UPDATE', 'NONE NONE ALL'],
    // READ stands for LINK without rules for LINK.
    ['@allow(to: READ, as: PUBLIC)', 'LINK', 'ALL ALL ALL'],
    ['@allow(to: READ, as: PUBLIC) @allow(to: LINK)', 'LINK', 'NONE NONE ALL'],
  ])('%s: %s %s', (rules, operation, extents) => {
    expect(extentsOf(rightsOf(sdl(rules)).rights, operation)).toBe(extents);
  });

  it('exist for each operation and audience, also without rules', () => {
    const { rights, rules, fields } = rightsOf('type A @model { id: ID! @id }', 'A');
    expect(rights).toHaveLength(15);
    expect(new Set(rights.map(({ extent }) => extent))).toEqual(new Set(['NONE']));
    expect([rules, fields]).toEqual([[], []]);
  });

  it('contain the rules that decide, with their lines', () => {
    const text = sdl(`
      @allow(to: [READ, UPDATE], as: PUBLIC)
      @allow(to: UPDATE, where: { n: { eq: 1 } })
      @require(to: READ, where: { n: { gt: 0 } })`);
    const { rights, line } = rightsOf(text);
    const of = (operation: AccessOperation, audience: Audience) => {
      const right = rights.find(
        (each) => each.operation === operation && each.audience === audience,
      );
      return [
        right?.decidedBy.join(),
        right?.rules.map((rule) => `${rule.kind} ${rule.line}`).join(),
      ];
    };
    expect(line).toBe(6);
    expect(of('READ', 'USER')).toEqual(['READ', 'ALLOW 7,REQUIRE 9']);
    expect(of('UPDATE', 'PUBLIC')).toEqual(['UPDATE,READ', 'ALLOW 7,REQUIRE 9']);
    expect(of('UPDATE', 'USER')).toEqual(['UPDATE,READ', 'ALLOW 7,ALLOW 8,REQUIRE 9']);
    expect(of('LINK', 'USER')).toEqual(['READ', 'ALLOW 7,REQUIRE 9']);
    expect(of('DELETE', 'USER')).toEqual(['DELETE,READ', 'ALLOW 7,REQUIRE 9']);
    expect(of('CREATE', 'USER')).toEqual(['CREATE', '']);
  });
});

describe('the rights of a field', () => {
  const all = '@allow(to: [READ, CREATE, UPDATE], as: GUEST)';
  it.each<[string, string, AccessOperation, string]>([
    [all, 'f: Int @private', 'READ', 'NONE NONE NONE'],
    [all, 'f: Int @private', 'UPDATE', 'NONE NONE NONE'],
    [all, 'f: Int @preset(value: 1)', 'READ', 'NONE ALL ALL'],
    [all, 'f: Int @preset(value: 1)', 'CREATE', 'NONE NONE NONE'],
    [all, 'f: Int @preset(value: 1)', 'UPDATE', 'NONE NONE NONE'],
    [all, 'f: Int @allow(to: READ)', 'READ', 'NONE NONE ALL'],
    [all, 'f: Int @allow(to: READ)', 'CREATE', 'NONE NONE NONE'],
    [all, 'f: Int @allow(to: READ, as: PUBLIC)', 'READ', 'NONE ALL ALL'],
    [all, 'f: Int @allow(to: READ, as: PUBLIC, where: { n: { eq: 1 } })', 'READ', 'NONE SOME SOME'],
    [
      '@allow(to: READ, as: PUBLIC, where: { n: { eq: 1 } })',
      'f: Int @allow(to: READ, as: PUBLIC)',
      'READ',
      'SOME SOME SOME',
    ],
  ])('%s %s: %s %s', (rules, field, operation, extents) => {
    const [found] = rightsOf(sdl(rules, field)).fields;
    expect(found?.field).toBe('f');
    expect(extentsOf(found?.rights ?? [], operation)).toBe(extents);
  });

  it('contain the rules that decide', () => {
    const text = sdl(
      all,
      `
      f: Int @allow(to: READ)
      @allow(to: UPDATE, where: { n: { eq: 1 } })
      g: Int
        @private
      h: Int
        @preset(value: 1)`,
    );
    const rulesFor = (field: string, operation: AccessOperation) =>
      rightsOf(text)
        .fields.find((each) => each.field === field)
        ?.rights.find((each) => each.operation === operation && each.audience === 'USER')
        ?.rules.map((rule) => `${rule.kind} ${rule.line}`);
    expect(rulesFor('f', 'READ')).toEqual(['ALLOW 7']);
    expect(rulesFor('f', 'UPDATE')).toEqual(['ALLOW 8']);
    expect(rulesFor('f', 'CREATE')).toEqual([]);
    expect(rulesFor('g', 'READ')).toEqual(['PRIVATE 10']);
    expect(rulesFor('h', 'READ')).toEqual(['ALLOW 6']);
    expect(rulesFor('h', 'UPDATE')).toEqual(['PRESET 12']);
  });

  it('are about the operations that a field can have', () => {
    const text = sdl('@allow(to: READ)', 'made: DateTime @createdAt @allow(to: READ)');
    const [found] = rightsOf(text.replace('at: DateTime @createdAt', '')).fields;
    expect(found?.rights.map(({ operation }) => operation)).toEqual(['READ', 'READ', 'READ']);
  });

  it('do not let callers write what rules read about them', () => {
    const text = sdl('@allow(to: READ, where: { authorId: { eq: "$user.team" } })').replace(
      '@user',
      '@user @allow(to: [READ, UPDATE])',
    );
    const { fields } = rightsOf(text, 'User');
    expect(fields.map(({ field, rules }) => [field, rules[0]?.kind])).toEqual([
      ['team', 'GUARDED'],
    ]);
    expect(extentsOf(fields[0]?.rights ?? [], 'UPDATE')).toBe('NONE NONE NONE');
    expect(extentsOf(fields[0]?.rights ?? [], 'READ')).toBe('NONE NONE ALL');
    const reopened = text.replace('team: ID', 'team: ID @allow(to: [READ, UPDATE])');
    expect(extentsOf(rightsOf(reopened, 'User').fields[0]?.rights ?? [], 'UPDATE')).toBe(
      'NONE NONE ALL',
    );
  });
});
