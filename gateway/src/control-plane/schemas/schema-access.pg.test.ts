import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';

const app = useApp();
let tenant: SeededTenant;
beforeEach(async () => {
  tenant = await seedTenant(app.db);
});

const document = /* GraphQL */ `
  query ($ref: ID!, $sdl: String!) {
    result: projectAccess(projectRef: $ref, sdl: $sdl) {
      __typename
      ... on Error {
        code
        message
      }
      ... on InvalidSchemaError {
        diagnostics {
          code
          line
        }
      }
      ... on ProjectAccessSuccess {
        access {
          userModel
          models {
            model
            line
            rights {
              operation
              audience
              extent
              decidedBy
              rules {
                kind
                operations
                audience
                line
                sentence
              }
            }
            rules {
              line
            }
            fields {
              field
              line
              rights {
                operation
                audience
                extent
              }
              rules {
                kind
                line
              }
            }
          }
        }
      }
    }
  }
`;

interface Right {
  readonly operation: string;
  readonly audience: string;
}

interface Result {
  readonly __typename: string;
  readonly access: {
    readonly models: readonly {
      readonly model: string;
      readonly rights: readonly Right[];
      readonly fields: readonly { readonly rights: readonly Right[] }[];
    }[];
  };
}

const ask = async (sdl: string, role: 'VIEWER' | 'DEVELOPER' = 'VIEWER') => {
  const token = await app.accessTokenFor(tenant.users[role]);
  return app.graphql(document, { ref: tenant.project.ref, sdl }, token);
};

async function accessOf(sdl: string): Promise<Result> {
  const { body } = await ask(sdl);
  expect(body.errors).toBeUndefined();
  // The document selects these members.
  return body.data?.['result'] as Result;
}

const sdl = `type User @model @user { id: ID! @id }
type Post @model
  @allow(to: READ, as: PUBLIC, where: { authorId: { eq: "$user.id" } }) {
  id: ID! @id
  authorId: ID
  secret: String @private
}`;

describe('projectAccess', () => {
  it('shows the rights of an SDL that is not applied', async () => {
    const result = await accessOf(sdl);
    expect(result).toMatchObject({
      __typename: 'ProjectAccessSuccess',
      access: {
        userModel: 'User',
        models: [
          { model: 'User', line: 1, rules: [], fields: [] },
          {
            model: 'Post',
            line: 2,
            rules: [{ line: 3 }],
            fields: [{ field: 'secret', line: 6, rules: [{ kind: 'PRIVATE', line: 6 }] }],
          },
        ],
      },
    });
    const [, post] = result.access.models;
    expect(post?.rights).toHaveLength(15);
    expect(post?.rights).toContainEqual({
      operation: 'READ',
      audience: 'GUEST',
      extent: 'SOME',
      decidedBy: ['READ'],
      rules: [
        {
          kind: 'ALLOW',
          operations: ['READ'],
          audience: 'PUBLIC',
          line: 3,
          sentence: 'Everyone can read rows where `authorId` equals their `id`.',
        },
      ],
    });
    expect(post?.fields[0]?.rights).toContainEqual({
      operation: 'READ',
      audience: 'USER',
      extent: 'NONE',
    });
  });

  it('shows the rights of a long SDL, which the compute thread reads', async () => {
    const models = Array.from(
      { length: 100 },
      (_, index) => `type Model${index} @model @allow(to: READ) { id: ID! @id name: String }`,
    );
    const { access } = await accessOf(models.join('\n'));
    expect(access.models).toHaveLength(100);
  });

  it('returns the diagnostics of an invalid SDL', async () => {
    const invalid = sdl.replace('$user.id', '$user.name');
    expect(await accessOf(invalid)).toMatchObject({
      __typename: 'InvalidSchemaError',
      code: 'INVALID_SCHEMA',
      diagnostics: [{ code: 'UNKNOWN_REFERENCE', line: 3 }],
    });
    expect(await accessOf('\0')).toMatchObject({ __typename: 'ValidationError' });
  });

  it('has a rate limit per user', async () => {
    const token = await app.accessTokenFor(tenant.users.VIEWER);
    const queries = Array.from(
      { length: 70 },
      (_, i) => `a${i}: projectAccess(projectRef: $ref, sdl: "type T {") { __typename }`,
    );
    const askAll = async () => {
      const { body } = await app.graphql(
        `query ($ref: ID!) { ${queries.join(' ')} }`,
        { ref: tenant.project.ref },
        token,
      );
      return (body.errors ?? []).map(({ extensions }) => extensions?.['code']);
    };
    expect(await askAll()).toEqual([]);
    expect(new Set(await askAll())).toEqual(new Set(['RATE_LIMITED']));
  });
});
