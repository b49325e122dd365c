import type { TestApp } from '../../../gateway/test/app.ts';
import { readTracker } from '../../../gateway/test/project-api.ts';
import { schemaAsks } from '../../../gateway/test/schema-asks.ts';
import { signIn, signUp } from '../../../gateway/test/sign-up.ts';

/** A user with an account. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface Team {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: Person;
  readonly admin: Person;
  readonly developer: Person;
  readonly viewer: Person;
}

export interface Project {
  readonly id: string;
  readonly ref: string;
  readonly slug: string;
  readonly name: string;
  readonly endpoint: string;
}

export interface Seeds {
  /** Creates an account with a new email address. */
  person(name?: string): Promise<Person>;
  /** Creates an organization that has one member with each role. */
  team(name?: string): Promise<Team>;
  /** Creates a project as the owner, and applies the schema if one is given. */
  project(team: Team, options?: { name?: string; sdl?: string }): Promise<Project>;
  /** Creates a project with the issue tracker's schema, a board, two users and 30 issues. */
  tracker(team: Team, name?: string): Promise<Project>;
  /** Creates an API key and returns its secret. */
  key(team: Team, project: Project, name?: string, scopes?: readonly string[]): Promise<string>;
  /**
   * Sends an operation to the management API and returns its data.
   *
   * @throws Error with the response's errors, if there are any
   */
  ask<Data>(
    person: Person,
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<Data>;
  /**
   * Sends an operation to a project's API and returns its data.
   *
   * @throws Error with the response's errors, if there are any
   */
  askProject<Data>(
    person: Person,
    project: Project,
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<Data>;
}

const names = { owner: 'Ada Lovelace', admin: 'Grace Hopper', developer: 'Alan Turing' } as const;
const viewerName = 'Barbara Liskov';
let counted = 0;

/** Creates the initial data for a journey, through the APIs where possible. */
export function createSeeds(app: TestApp): Seeds {
  const ask: Seeds['ask'] = async <Data>(
    person: Person,
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
  ) => {
    const { body } = await app.graphql(document, variables, await signIn(app.url, person));
    // The caller supplies the document's result type.
    return dataOf(body) as Data;
  };

  const person: Seeds['person'] = async (name = names.owner) => {
    counted += 1;
    const mailName = name.toLowerCase().replaceAll(/[^a-z]+/g, '.');
    const email = `${mailName}.${counted}@example.org`;
    const made = { name, email, password: `a good long password ${counted}` };
    await signUp(app.url, made);
    await app.db.user.update({ where: { email }, data: { name } });
    return made;
  };

  const member = async (
    organizationId: string,
    role: 'ADMIN' | 'DEVELOPER' | 'VIEWER',
    name: string,
  ) => {
    const made = await person(name);
    const { id: userId } = await app.db.user.findUniqueOrThrow({ where: { email: made.email } });
    await app.db.membership.create({ data: { organizationId, userId, role } });
    return made;
  };

  const project: Seeds['project'] = async (team, { name = 'Tracker', sdl } = {}) => {
    const { result } = await ask<{ result: { project: Project } }>(team.owner, createProject, {
      input: { organizationId: team.id, name },
    });
    if (sdl !== undefined) {
      const token = await signIn(app.url, team.owner);
      const outcome = await schemaAsks(app, result.project.ref, token).change(sdl);
      if (outcome.__typename !== 'ApplySchemaSuccess') throw new Error(JSON.stringify(outcome));
    }
    return result.project;
  };

  const askProject: Seeds['askProject'] = async <Data>(
    asker: Person,
    { ref }: Project,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ) => {
    const token = await signIn(app.url, asker);
    const response = await fetch(`${app.url}/p/${ref}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(20_000),
    });
    // The caller supplies the document's result type.
    return dataOf(await response.json()) as Data;
  };

  return {
    ask,
    askProject,
    person,
    project,
    async team(name = 'Acme') {
      const owner = await person(names.owner);
      const { result } = await ask<{ result: { organization: Omit<Team, 'owner'> } }>(
        owner,
        createOrganization,
        { input: { name } },
      );
      const { id, slug } = result.organization;
      return {
        id,
        slug,
        name,
        owner,
        admin: await member(id, 'ADMIN', names.admin),
        developer: await member(id, 'DEVELOPER', names.developer),
        viewer: await member(id, 'VIEWER', viewerName),
      };
    },
    async tracker(team, name = 'Tracker') {
      const made = await project(team, { name, sdl: await readTracker() });
      await askProject(team.owner, made, createRows, { data: board });
      return made;
    },
    async key(team, { ref }, name = 'backend', scopes = ['data.read', 'data.write']) {
      const { result } = await ask<{ result: { secret: string } }>(team.owner, createKey, {
        input: { projectRef: ref, name, kind: 'SECRET', scopes },
      });
      return result.secret;
    },
  };
}

/**
 * Returns a response's data.
 * @throws Error if the response contains errors, or if the mutation with the alias `result` failed
 */
function dataOf(body: unknown): unknown {
  // Both APIs return GraphQL responses.
  const { data, errors } = body as {
    data?: { result?: { code?: string } | null } | null;
    errors?: unknown;
  };
  if (data == null || errors !== undefined || data.result?.code !== undefined) {
    throw new Error(JSON.stringify(body));
  }
  return data;
}

const createOrganization = `mutation ($input: CreateOrganizationInput!) {
  result: createOrganization(input: $input) {
    ... on CreateOrganizationSuccess { organization { id slug } }
    ... on Error { code message }
  }
}`;
const createProject = `mutation ($input: CreateProjectInput!) {
  result: createProject(input: $input) {
    ... on CreateProjectSuccess { project { id ref slug name endpoint } }
    ... on Error { code message }
  }
}`;
const createKey = `mutation ($input: CreateApiKeyInput!) {
  result: createApiKey(input: $input) {
    ... on CreateApiKeySuccess { secret }
    ... on Error { code message }
  }
}`;
const createRows = `mutation ($data: BoardCreateInput!) { createBoard(data: $data) { id } }`;

const statuses = ['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE'];
const chores = ['Write the guide', 'Fix the build', 'Answer email', 'Plan the release'];

const board = {
  key: 'ENG',
  name: 'Engineering',
  issues: {
    create: Array.from({ length: 30 }, (_, index) => ({
      number: index + 1,
      title: `${chores[index % chores.length] ?? ''} ${Math.ceil((index + 1) / chores.length)}`,
      status: statuses[index % statuses.length],
      tags: index % 3 === 0 ? ['urgent'] : [],
    })),
  },
  members: {
    create: [
      { role: 'OWNER', user: { create: { email: 'ada@example.org', name: 'Ada Lovelace' } } },
      { role: 'MEMBER', user: { create: { email: 'grace@example.org', name: 'Grace Hopper' } } },
    ],
  },
};
