import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { anyProfile, type RuleProfile } from '../rules/profile.ts';
import { profileOf } from '../rules/subject.ts';
import { everything, type ApiAccess } from './access.ts';
import { buildApi } from './build-api.ts';
import { printApi } from './project-api.ts';

const apiOf = (sdl: string, access: Partial<ApiAccess> = {}) =>
  buildApi(readModel(sdl), { ...everything, ...access });
const fieldsOf = (schema: GraphQLSchema) =>
  Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
const id = 'id: ID! @id';

it('adds nothing to the API if no model is live', () => {
  const { schema } = apiOf(`type A @model { ${id} }`);
  expect(schema.getSubscriptionType() ?? null).toBeNull();
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(['a', 'as']);
});

describe('the API of a model with @live', () => {
  const sdl = `
    enum Kind { X Y }
    type Issue @model @live { ${id} title: String! }
    type Pair @model(plural: "pairs") @live @id(fields: ["kind", "n"]) { kind: Kind! n: BigInt! }
    type Other @model { ${id} }`;

  it('matches the reviewed file', async () => {
    const printed = printApi(apiOf(sdl));
    expect(() => buildSchema(printed)).not.toThrow();
    const parts = /^(type Subscription|type \w+Change|enum ChangeOperation)/;
    const definitions = printed.split(/\n\n(?="""|type |enum |input |scalar )/);
    const found = definitions.filter((text) => parts.test(text.replace(/^"""[^]*?"""\n/, '')));
    expect(found).toHaveLength(5);
    await expect(`${found.join('\n\n')}\n`).toMatchFileSnapshot('live.api.graphql');
  });

  it('has a query for the place in the log, for callers with subscriptions', () => {
    const named = (access: Partial<ApiAccess>) =>
      Object.keys(apiOf(sdl, access).schema.getQueryType()?.getFields() ?? {});
    expect(named({})).toContain('changesCursor');
    expect(named({ read: new Set(['Other']) })).toEqual(['other', 'others']);
    expect(fieldsOf(apiOf(sdl, { read: new Set(['Issue']) }).schema)).toEqual([
      'issue',
      'issues',
      'issueChanges',
    ]);
  });

  it('names the root type after no model', () => {
    const { schema } = apiOf(`type Subscription @model @live { ${id} }`);
    expect(schema.getSubscriptionType()?.name).toBe('SubscriptionRoot');
  });
});

describe('a caller with access rules', () => {
  const sdl = (live: string) => `
    type User @model @user ${live} @allow(to: [READ], where: { id: { eq: "$user.id" } }) { ${id} team: Team }
    type Team @model @allow(to: [READ], where: { members: { some: { id: { eq: "$user.id" } } } }) { ${id} members: [User!]! name: String issues: [Issue!]! }
    type Issue @model @live @allow(to: [READ], as: PUBLIC, where: { public: { eq: true } }) @allow(to: [READ], where: { team: { _can: READ } }) {
      ${id} public: Boolean team: Team title: String @private
    }`;
  const user = { field: 'id', value: '00000000-0000-7000-8000-0000000000a1' };
  const profile = (text: string, audience: 'PUBLIC' | 'USER'): RuleProfile =>
    profileOf(readModel(text), {
      audience,
      user: audience === 'USER' ? user : null,
      claims: {},
      verifiedEmail: null,
    });
  const schemaOf = (text: string, rules: RuleProfile | null) => apiOf(text, { rules }).schema;

  it('has no live queries if its rules read a model that is not live', () => {
    const text = sdl('');
    expect(fieldsOf(schemaOf(text, null))).toEqual(['issue', 'issues', 'issueChanges']);
    expect(fieldsOf(schemaOf(text, profile(text, 'PUBLIC')))).toEqual([
      'issue',
      'issues',
      'issueChanges',
    ]);
    const signedIn = schemaOf(text, profile(text, 'USER'));
    expect(fieldsOf(signedIn)).toEqual(['issueChanges']);
    expect(signedIn.getSubscriptionType()?.description).toContain(
      '`issue` and `issues` are missing, because access rules of `Issue` read `Team` without `@live`.',
    );
  });

  it('has me if its own row is live', () => {
    const text = sdl('@live');
    expect(fieldsOf(schemaOf(text, profile(text, 'USER')))).toEqual([
      'me',
      'user',
      'users',
      'userChanges',
      'issueChanges',
    ]);
    expect(fieldsOf(schemaOf(text, anyProfile))).toContain('issues');
    expect(schemaOf(text, anyProfile).getSubscriptionType()?.description).toContain(
      'missing for callers for whom access rules of `Issue` read `Team`',
    );
  });

  it('does not learn the names of models that it cannot read', () => {
    const text = sdl('')
      .replace('type Team @model @allow', 'type Team @model @allow')
      .replace('@allow(to: [READ], where: { members: { some: { id: { eq: "$user.id" } } } })', '')
      .replace('{ team: { _can: READ } }', '{ team: { name: { eq: "a" } } }');
    const { description } = schemaOf(text, profile(text, 'USER')).getSubscriptionType() ?? {};
    expect(description).toContain('read a model without `@live`');
    expect(description).not.toContain('Team');
  });
});
