import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../../test/database.ts';
import { useMutations } from '../../../../test/engine/mutations.ts';
import { readModel } from '../../../../test/engine/project.ts';
import { buildApi } from '../../api/build-api.ts';
import { printApi } from '../../api/project-api.ts';
import { everything } from '../../api/access.ts';
import { readSdl } from '../../sdl/read-sdl.ts';
import { anyProfile } from '../../rules/profile.ts';
import type { Subject } from '../../rules/subject.ts';

const sdl = `
  type User @model @user @allow(to: [READ], where: { authId: { eq: "$user.authId" } }) {
    id: ID! @id
    authId: String! @unique
    email: String! @unique
    name: String! @signUp
    bio: String @constraint(maxLength: 5) @signUp
    level: Int! @default(value: 1)
    joined: DateTime @preset(value: "$now")
  }`;
const project = useMutations(useTestDatabase(), sdl);

const caller = (value: string, more: Partial<Subject> = {}): Subject => ({
  audience: 'USER',
  user: { field: 'authId', value },
  claims: {},
  verifiedEmail: `${value}@example.com`,
  ...more,
});
const createMe = (as: Subject, data: string, selection = '{ authId email name level }') =>
  project().mutate(`mutation { createMe(data: ${data}) ${selection} }`, {}, { as });

describe('createMe', () => {
  it("creates the caller's row with what its token proves and what it tells about itself", async () => {
    expect(await createMe(caller('auth0|1'), '{ name: "Ann" }')).toEqual({
      createMe: { authId: 'auth0|1', email: 'auth0|1@example.com', name: 'Ann', level: 1 },
    });
    expect(await project().sql('SELECT joined IS NOT NULL AS set FROM "user"')).toEqual([
      { set: true },
    ]);
  });

  it('fails if the caller has a row', async () => {
    await createMe(caller('twice'), '{ name: "A" }');
    await expect(createMe(caller('twice'), '{ name: "B" }')).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      path: ['createMe'],
    });
  });

  it('checks the values of the input', async () => {
    await expect(createMe(caller('bad'), '{ name: "A", bio: "too long" }')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['createMe', 'data', 'bio'] }],
    });
  });

  it.each([
    ['no verified address', caller('unverified', { verifiedEmail: null }), /verified/],
    [
      'an identity that is not a unique field',
      caller('x', { user: { field: 'name', value: 'x' } }),
      /identify/,
    ],
  ])('fails if the token has %s', async (_what, as, message) => {
    await expect(createMe(as, '{ name: "A" }')).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(message) as unknown,
      path: ['createMe'],
    });
  });

  it.each(['authId', 'email', 'level', 'joined', 'id'])('has no input for %s', async (field) => {
    await expect(createMe(caller('x'), `{ name: "A", ${field}: "x" }`)).rejects.toThrow(
      `Field "${field}" is not defined by type "UserSignUpInput"`,
    );
  });

  it('exists only for signed-in users of a project with a @user model', () => {
    const has = (
      text: string,
      rules: Parameters<typeof buildApi>[1]['rules'],
      write = everything.write,
    ) => printApi(buildApi(readModel(text), { ...everything, rules, write })).includes('createMe');
    const profile = { claims: [], userField: 'authId' };
    expect(has(sdl, anyProfile)).toBe(true);
    expect(has(sdl, { ...profile, audience: 'USER' })).toBe(true);
    expect(has(sdl, { ...profile, audience: 'GUEST' })).toBe(false);
    expect(has(sdl, { ...profile, audience: 'PUBLIC', userField: null })).toBe(false);
    expect(has(sdl, null)).toBe(false);
    expect(has(sdl, { ...profile, audience: 'USER' }, new Set())).toBe(false);
    expect(has('type User @model @allow(to: [READ]) { id: ID! @id }', anyProfile)).toBe(false);
  });
});

describe('@signUp', () => {
  it.each([
    ['the key', 'id: ID! @id @signUp', 'it is the key'],
    [
      'the address',
      'id: ID! @id email: String @unique @signUp',
      'the address comes from the token',
    ],
    ['a relation', 'id: ID! @id team: Team @signUp', 'it is a relation'],
    ['a preset', 'id: ID! @id at: DateTime @preset(value: "$now") @signUp', 'it has a preset'],
    [
      'a time that is set',
      'id: ID! @id at: DateTime! @createdAt @signUp',
      'it is set automatically',
    ],
    ['a field that rules read', 'id: ID! @id role: String @signUp', 'rules read it'],
  ])('is refused on %s', (_what, fields, message) => {
    const text = `
      type User @model @user { ${fields} }
      type Team @model ${fields.includes('role') ? '@allow(to: [READ], user: { role: { eq: "x" } })' : ''} { id: ID! @id users: [User!]! }`;
    const related = fields.includes('team') ? text : text.replace('users: [User!]!', '');
    const reading = readSdl(related);
    expect(reading.ok ? [] : reading.diagnostics).toEqual([
      expect.objectContaining({
        code: 'BAD_SIGN_UP',
        message: expect.stringContaining(message) as unknown,
        line: expect.any(Number) as unknown,
      }),
    ]);
  });

  it('is refused on a type that is not the @user model', () => {
    const reading = readSdl('type User @model { id: ID! @id name: String @signUp }');
    expect(reading.ok ? [] : reading.diagnostics).toMatchObject([
      { code: 'BAD_SIGN_UP', message: 'User.name has @signUp, but User is not the @user model.' },
    ]);
  });
});
