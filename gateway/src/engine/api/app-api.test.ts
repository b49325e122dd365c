import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { membersOf, outlineOf } from '../../../test/engine/api-members.ts';
import { readModel } from '../../../test/engine/project.ts';
import { anyProfile, type RuleProfile } from '../rules/profile.ts';
import { profileOf, type Subject } from '../rules/subject.ts';
import { everything } from './access.ts';
import { buildApi } from './build-api.ts';
import { printApi } from './project-api.ts';

const model = readModel(
  readFileSync(new URL('../../../test/examples/workspace.graphql', import.meta.url), 'utf8'),
);
const apiFor = (rules: RuleProfile | null) => buildApi(model, { ...everything, rules }).schema;

const user = { field: 'id', value: '0190a8a0-0000-7000-8000-000000000001' };
const subjects: Readonly<Record<string, Subject>> = {
  public: { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null },
  guest: { audience: 'GUEST', user, claims: {}, verifiedEmail: null },
  user: { audience: 'USER', user, claims: { role: 'NONE' }, verifiedEmail: null },
  moderator: { audience: 'USER', user, claims: { role: 'MODERATOR' }, verifiedEmail: null },
  admin: { audience: 'USER', user, claims: { role: 'ADMIN' }, verifiedEmail: null },
};
const apiOf = (name: string): GraphQLSchema => {
  const subject = subjects[name];
  if (subject === undefined) throw new Error(`There is no subject ${name}.`);
  return apiFor(profileOf(model, subject));
};

const app = apiFor(anyProfile);
const members = membersOf(app);

describe('the API of an app', () => {
  it('matches the reviewed file', async () => {
    await expect(printApi({ schema: app })).toMatchFileSnapshot('app-apis/app.graphql');
  });

  it('can be rebuilt from its printed SDL', () => {
    const rebuilt = buildSchema(printApi({ schema: app }));
    expect([...membersOf(rebuilt).keys()].sort()).toEqual([...members.keys()].sort());
  });
});

describe.each(Object.keys(subjects))('the API for the caller %s', (name) => {
  it('matches the reviewed file', async () => {
    await expect(outlineOf(apiOf(name))).toMatchFileSnapshot(`app-apis/${name}.graphql`);
  });

  it('is a part of the API of the app', () => {
    const own = membersOf(apiOf(name));
    const same = [...own].map(([member]) => [member, members.get(member)]);
    expect([...own]).toEqual(same);
  });
});

/** The names of the fields of a type, without those of foreign keys. Empty if the API does not contain the type. */
function fieldsIn(schema: GraphQLSchema, type: string): readonly string[] {
  const found = schema.getType(type);
  return isObjectType(found) || isInputObjectType(found) ? Object.keys(found.getFields()) : [];
}

const nullable = (field: string): boolean => !(members.get(field) ?? '!').endsWith('!');

describe('the API of an app contains', () => {
  it('no private fields, and no types without rules', () => {
    const names = [...members.keys()].filter((name) => /notes|Job|command/.test(name));
    expect(names).toEqual([]);
  });

  it('a nullable type for rows and values that rules can hide', () => {
    expect(['User.email', 'User.teamId', 'User.team', 'Board.owner'].filter(nullable)).toEqual([
      'User.email',
      'User.teamId',
      'User.team',
      'Board.owner',
    ]);
    expect(['User.id', 'Board.ownerId', 'Team.name', 'Card.title'].filter(nullable)).toEqual([]);
  });

  it('nullable results of mutations that write rows which rules can hide', () => {
    expect(members.get('Mutation.createCard')).toBe('Card');
    expect(members.get('Mutation.updateCard')).toBe('Card');
    expect(members.get('Mutation.upsertCard')).toBe('Card');
    expect(members.get('CardBatch.nodes')).toBe('[Card]!');
    expect(members.get('Mutation.deleteCard')).toBe('Card!');
  });

  it('no inputs for presets, and no nested inputs that set them', () => {
    expect(fieldsIn(app, 'CardCreateInput')).toEqual([
      'id',
      'title',
      'estimate',
      'boardId',
      'board',
      'labels',
    ]);
    expect(fieldsIn(app, 'CardUpdateInput')).toEqual([
      'title',
      'estimate',
      'boardId',
      'board',
      'labels',
    ]);
    expect(fieldsIn(app, 'BoardCreateInput')).toEqual([
      'id',
      'name',
      'members',
      'invitations',
      'cards',
    ]);
    // Boards and posts have a preset foreign key, other rows do not.
    expect(fieldsIn(app, 'UserUpdateInput')).toEqual(expect.arrayContaining(['memberships']));
    expect(fieldsIn(app, 'UserUpdateInput')).not.toEqual(expect.arrayContaining(['boards']));
    expect(fieldsIn(app, 'UserUpdateInput')).not.toEqual(expect.arrayContaining(['posts']));
  });

  it('no inputs for fields that decide about rights, except by rules of these fields', () => {
    // A rule of the field permits it to administrators.
    expect(fieldsIn(apiOf('user'), 'UserUpdateInput')).toEqual([
      'name',
      'memberships',
      'invitations',
    ]);
    expect(fieldsIn(apiOf('admin'), 'UserUpdateInput')).toEqual([
      'name',
      'teamId',
      'team',
      'memberships',
      'invitations',
    ]);
  });

  it('nested inputs only for what the rules of the related type permit', () => {
    expect(fieldsIn(app, 'LabelNestedListUpdateInput')).toEqual([
      'connect',
      'create',
      'disconnect',
      'set',
    ]);
    expect(fieldsIn(apiOf('user'), 'LabelNestedListUpdateInput')).toEqual([
      'connect',
      'disconnect',
      'set',
    ]);
    expect(fieldsIn(app, 'MembershipNestedListCreateInput')).toEqual(['create']);
  });

  it('mutations exactly for what the rules permit', () => {
    const mutations = (name: string) => fieldsIn(apiOf(name), 'Mutation');
    expect(mutations('public')).toEqual(['createMessage', 'createMessages']);
    expect(mutations('user').filter((field) => field.includes('Label'))).toEqual([]);
    expect(mutations('moderator').filter((field) => field.includes('Label'))).toEqual([
      'createLabel',
      'createLabels',
      'updateLabel',
      'updateLabels',
      'upsertLabel',
      'deleteLabel',
      'deleteLabels',
    ]);
    expect(mutations('user').filter((field) => field.includes('Membership'))).toEqual([
      'createMembership',
      'createMemberships',
      'deleteMembership',
      'deleteMemberships',
    ]);
  });

  it('only the key of rows that the caller writes but cannot read', () => {
    expect(fieldsIn(apiOf('public'), 'Message')).toEqual(['id']);
    expect(fieldsIn(apiOf('public'), 'Query')).toEqual(['team', 'teams', 'post', 'posts']);
  });
});

describe('the query `me`', () => {
  it('exists for callers that can read some users, and for servers', () => {
    for (const name of ['guest', 'user', 'admin']) {
      expect(membersOf(apiOf(name)).get('Query.me')).toBe('User');
    }
    expect(membersOf(apiOf('public')).get('Query.me')).toBeUndefined();
    expect(membersOf(apiFor(null)).get('Query.me')).toBe('User');
    const noUsers = buildApi(model, { ...everything, read: new Set(['Team']) }).schema;
    expect(membersOf(noUsers).get('Query.me')).toBeUndefined();
  });

  it('does not exist without a model for users', () => {
    const other = readModel('type Note @model @allow(to: [READ]) { id: ID! @id }');
    for (const rules of [null, anyProfile]) {
      const { schema } = buildApi(other, { ...everything, rules });
      expect(fieldsIn(schema, 'Query')).toEqual(['note', 'notes']);
    }
  });
});
