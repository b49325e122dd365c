import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll } from 'vitest';

import type { Role } from '../src/control-plane/access/actions.ts';
import type { TestApp, TestResponse } from './app.ts';
import { projectRoot } from './process.ts';
import { makeProject, type TestProject } from './project-api.ts';

export const id = (number: number): string =>
  `0190a8a0-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const [ada, bob, cid] = [id(1), id(2), id(3)];
export const north = id(11);
const south = id(12);

export const explainDocument = `mutation ($input: ExplainAccessInput!) {
  result: explainAccess(input: $input) {
    __typename
    ... on Error { message code }
    ... on ValidationError { issues { path message } }
    ... on ExplainAccessSuccess {
      explanation { data errors decisions { model field operation rule line held rows } }
    }
  }
}`;

interface Decision {
  readonly model: string;
  readonly field: string | null;
  readonly operation: string;
  readonly rule: string;
  readonly line: number;
  readonly held: boolean;
  readonly rows: number | null;
}

export interface Explanation {
  readonly data: unknown;
  readonly errors: readonly { readonly message: string; readonly extensions: unknown }[];
  readonly decisions: readonly Decision[];
}

type As = Readonly<Record<string, unknown>>;
export const asUser = (userId: string, claims: As = {}): As => ({
  audience: 'USER',
  userId,
  claims,
});
export const signedOut: As = { audience: 'PUBLIC' };

/** A project with the schema of `workspace.graphql`, some rows, and functions that explain operations on it. */
export interface Workspace {
  readonly project: () => TestProject;
  ask(as: As, query: string, more?: As, role?: Role): Promise<TestResponse>;
  /** @throws an Error if the operation was not explained */
  explain(as: As, query: string, more?: As): Promise<Explanation>;
}

export function useWorkspace(app: TestApp): Workspace {
  let made: TestProject | null = null;
  beforeAll(async () => {
    made = await seed(app);
  });
  const project = () => {
    if (made === null) throw new Error('The project is only available from beforeAll on.');
    return made;
  };
  const ask: Workspace['ask'] = async (as, query, more = {}, role = 'DEVELOPER') => {
    const token = await app.accessTokenFor(project().tenant.users[role]);
    const input = { projectRef: project().ref, as, query, ...more };
    return app.graphql(explainDocument, { input }, token);
  };
  return {
    project,
    ask,
    async explain(as, query, more) {
      const { body, text } = await ask(as, query, more);
      // The document selects only these fields.
      const { result } = (body.data ?? {}) as { readonly result?: { explanation?: Explanation } };
      if (result?.explanation === undefined) throw new Error(text);
      return result.explanation;
    },
  };
}

async function seed(app: TestApp): Promise<TestProject> {
  const sdl = await readFile(join(projectRoot, 'gateway/test/examples/workspace.graphql'), 'utf8');
  const project = await makeProject(app, sdl);
  await project.data(
    `mutation ($teams: [TeamCreateInput!]!, $users: [UserCreateInput!]!, $posts: [PostCreateInput!]!) {
      createTeams(data: $teams) { count }
      createUsers(data: $users) { count }
      createPosts(data: $posts) { count }
    }`,
    {
      teams: [
        { id: north, name: 'North' },
        { id: south, name: 'South' },
      ],
      users: [
        { id: ada, name: 'Ada', email: 'ada@x.example', notes: 'secret', teamId: north },
        { id: bob, name: 'Bob', email: 'bob@x.example', teamId: north },
        { id: cid, name: 'Cid', email: 'cid@x.example', teamId: south },
      ],
      posts: [
        { id: id(21), title: 'Old', publishedAt: '2020-01-01T00:00:00Z', tags: [], authorId: ada },
        { id: id(22), title: 'Draft', tags: [], authorId: ada },
        { id: id(23), title: 'Other draft', tags: [], authorId: cid },
        {
          id: id(24),
          title: 'Later',
          publishedAt: '2990-01-01T00:00:00Z',
          tags: [],
          authorId: cid,
        },
      ],
    },
  );
  return project;
}

/** `READ Post 2 @allow(…)`, with a minus for rules that are not about the caller. */
export const shown = ({ decisions }: Explanation): readonly string[] =>
  decisions.map(
    ({ operation, model, field, held, rows, rule }) =>
      `${held ? '+' : '-'} ${operation} ${model}${field === null ? '' : `.${field}`} ${String(rows)} ${rule}`,
  );
