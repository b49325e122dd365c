import { describe, expect, it } from 'vitest';
import { filter, modelWithRules } from '../../../test/engine/rules-kit.ts';
import type { Claim } from '../sdl/access-model.ts';
import type { ScalarName } from '../sdl/model.ts';
import { profileOf, subjectVariables, type Subject } from './subject.ts';

const sdl = `
  enum Role { ADMIN MODERATOR }
  type User @model { id: ID! @id email: String! @unique number: Int @unique name: String }
`;

const scalar = (name: string, type: ScalarName, list = false): Claim => ({
  name,
  type: { kind: 'SCALAR', name: type },
  list,
});
const claims: readonly Claim[] = [
  { name: 'role', type: { kind: 'ENUM', name: 'Role' }, list: false },
  scalar('orgs', 'ID', true),
  scalar('level', 'Int'),
  scalar('staff', 'Boolean'),
  scalar('title', 'String'),
  scalar('until', 'DateTime'),
  scalar('credit', 'Decimal'),
  scalar('more', 'JSON'),
];
const model = modelWithRules(sdl, { claims, types: {} });

function subject(of: Partial<Subject>): Subject {
  return { audience: 'USER', user: null, claims: {}, verifiedEmail: null, ...of };
}

function variables(of: Partial<Subject>): Record<string, unknown> {
  return subjectVariables(model, subject(of));
}

/** Whether a claim condition holds for a token with these claims. */
function holds(condition: string, of: Record<string, unknown>): boolean | undefined {
  const tested = modelWithRules(sdl, { claims, claimConditions: [filter(condition)], types: {} });
  const profile = profileOf(tested, subject({ claims: of }));
  return profile.claims === 'ANY' ? undefined : profile.claims[0];
}

const id = '0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e';

describe('the parameters of a caller', () => {
  it.each([
    ['id', id, id],
    ['id', id.toUpperCase(), id],
    ['id', 'no-uuid', null],
    // The primary key, for a member who views the project as a user.
    [null, id, id],
    [null, 'ada@example.org', null],
    ['email', 'ada@example.org', 'ada@example.org'],
    ['email', 'a\0', null],
    ['number', '42', '42'],
    ['number', '4e1', null],
    ['number', '042', null],
    ['number', '3000000000', null],
    // Not unique, or not a field.
    ['name', 'Ada', null],
    ['unknown', 'Ada', null],
  ])('the user with the %s %j is %j', (field, value, expected) => {
    expect(variables({ user: { field, value } })['$user']).toBe(expected);
  });

  it('are null for a caller who is signed out', () => {
    expect(variables({ audience: 'PUBLIC' })).toMatchObject({ $user: null, $email: null });
  });

  it.each([
    ['role', 'ADMIN', 'ADMIN'],
    ['role', 'OWNER', null],
    ['role', ['ADMIN'], null],
    ['orgs', [id], [id]],
    ['orgs', [], []],
    ['orgs', id, null],
    ['orgs', [id, null], null],
    ['orgs', [id, 'x'], null],
    ['orgs', Array.from({ length: 10_001 }, () => id), null],
    ['level', 3, '3'],
    ['level', '3', null],
    ['level', 3.5, null],
    ['level', true, null],
    ['staff', true, 'true'],
    ['staff', 'true', null],
    ['title', 'Dr.', 'Dr.'],
    ['title', 1, null],
    ['title', '\0', null],
    ['title', null, null],
    ['until', '2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z'],
    ['until', 'tomorrow', null],
    ['more', { a: [1] }, '{"a":[1]}'],
  ])('the claim %s with the value %j is %j', (name, value, expected) => {
    expect(variables({ claims: { [name]: value } })[`$claims.${name}`]).toEqual(expected);
  });

  it('do not contain claims that are not declared', () => {
    const { $other } = variables({ claims: { other: 'x', __proto__: { role: 'ADMIN' } } });
    expect($other).toBeUndefined();
    expect(variables({ claims: { other: 'x' } })).not.toHaveProperty(['$claims.other']);
  });
});

it('a profile has no user field if the field does not identify a user', () => {
  const fieldOf = (field: string | null) =>
    profileOf(model, subject({ user: { field, value: 'x' } })).userField;
  const fields = ['id', 'email', null, 'name', 'unknown'];
  expect(fields.map(fieldOf)).toEqual(['id', 'email', 'id', null, null]);
});

it('a primary key of two fields does not identify a user', () => {
  const pairs = modelWithRules(
    'type User @model @id(fields: ["team", "name"]) { team: String! name: String! @unique }',
    { types: {} },
  );
  const fieldOf = (field: string | null) =>
    profileOf(pairs, subject({ user: { field, value: 'x' } })).userField;
  expect([null, 'name', 'team'].map(fieldOf)).toEqual([null, 'name', null]);
});

describe('a claim condition', () => {
  it.each([
    ['{ role: { in: [ADMIN, MODERATOR] } }', { role: 'ADMIN' }],
    ['{ role: { eq: ADMIN }, level: { gte: 3 } }', { role: 'ADMIN', level: 3 }],
    ['{ or: [{ role: { eq: ADMIN } }, { staff: { eq: true } }] }', { staff: true }],
    ['{ and: [{ level: { gt: 1 } }, { level: { lt: 3 } }] }', { level: 2 }],
    ['{ not: { role: { eq: ADMIN } } }', { role: 'MODERATOR' }],
    ['{ role: { isNull: true } }', {}],
    [`{ orgs: { has: "${id}" } }`, { orgs: [id] }],
    ['{ orgs: { isEmpty: true } }', { orgs: [] }],
    ['{ title: { startsWith: "dr", mode: INSENSITIVE } }', { title: 'DR. X' }],
    ['{ title: { like: "%a_c\\\\%%" } }', { title: 'xxabc%' }],
    ['{ title: { ilike: "%B%" } }', { title: 'abc' }],
    ['{ until: { lt: "2024-01-01T00:00:00.5Z" } }', { until: '2024-01-01T00:00:00Z' }],
    ['{ credit: { eq: "1.50" } }', { credit: 1.5 }],
    ['{ credit: { gt: "9" } }', { credit: '10.0' }],
    ['{ more: { contains: { a: [2] } } }', { more: { a: [1, 2], b: 1 } }],
    ['{ more: { eq: { a: 1, b: 2 } } }', { more: { b: 2, a: 1 } }],
    ['{ more: { hasKey: "a" } }', { more: { a: null } }],
  ])('%s holds for %j', (condition, of) => {
    expect(holds(condition, of)).toBe(true);
  });

  it.each([
    ['{ role: { in: [ADMIN, MODERATOR] } }', {}],
    ['{ role: { in: [ADMIN, MODERATOR] } }', { role: 'OWNER' }],
    ['{ role: { eq: ADMIN }, level: { gte: 3 } }', { role: 'ADMIN', level: 2 }],
    ['{ or: [{ role: { eq: ADMIN } }, { staff: { eq: true } }] }', { staff: 'true' }],
    ['{ or: [] }', {}],
    ['{ not: { role: { eq: ADMIN } } }', { role: 'ADMIN' }],
    ['{ role: { isNull: false } }', {}],
    ['{ orgs: { isEmpty: true } }', { orgs: [id] }],
    ['{ orgs: { hasEvery: [] } }', {}],
    ['{ title: { like: "a%" } }', { title: 'ba' }],
    ['{ title: { like: "a" } }', { title: 'ab' }],
    ['{ until: { lt: "2024-01-01T00:00:00Z" } }', { until: '2024-01-01T00:00:00.5Z' }],
    ['{ credit: { gt: "9" } }', { credit: '8.99' }],
    ['{ more: { eq: { a: 1 } } }', { more: { b: 2, a: 1 } }],
    ['{ more: { contains: { a: [3] } } }', { more: { a: [1, 2] } }],
  ])('%s does not hold for %j', (condition, of) => {
    expect(holds(condition, of)).toBe(false);
  });

  // A comparison that is false because the claim is missing would otherwise become true.
  it.each([
    ['{ not: { role: { eq: ADMIN } } }', {}],
    ['{ not: { role: { eq: ADMIN } } }', { role: null }],
    ['{ not: { role: { eq: ADMIN } } }', { role: 'OWNER' }],
    ['{ not: { level: { lt: 3 } } }', { level: '5' }],
    ['{ not: { not: { or: [{ staff: { eq: true } }, { level: { gt: 1 } }] } } }', { level: 2 }],
    ['{ or: [{ level: { gt: 1 } }, { not: { staff: { eq: true } } }] }', { level: 2 }],
  ])('%s does not hold for %j, because a claim under `not` is missing', (condition, of) => {
    expect(holds(condition, of)).toBe(false);
  });

  it('matches a pattern in a time that does not grow with a power of the text', () => {
    expect(
      holds(`{ title: { like: "${'%a'.repeat(200)}b" } }`, { title: 'a'.repeat(20_000) }),
    ).toBe(false);
  });
});
