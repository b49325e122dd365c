import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll } from 'vitest';

import type { GraphqlBody, TestApp } from './app.ts';
import { projectRoot } from './process.ts';
import { emptyProject, schemaAsks } from './schema-asks.ts';
import { seedTenant, type SeededTenant } from './tenant.ts';

/** A project with an applied schema and a secret key. */
export interface TestProject {
  readonly tenant: SeededTenant;
  readonly id: string;
  readonly ref: string;
  /** `http://…/p/<ref>/graphql` */
  readonly endpoint: string;
  readonly key: string;
  /** Sends an operation with the project's key or another credential. */
  ask(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    credential?: string,
  ): Promise<GraphqlBody>;
  /**
   * Like `ask`, but returns the `data` of an operation that must succeed. @throws an Error with the GraphQL errors if
   * the operation fails
   */
  data(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    credential?: string,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Plans a schema and applies the plan, accepting all hazards. */
  deploy(sdl: string): Promise<void>;
}

/** All scopes that a key can have. */
const everyScope = ['data.read', 'data.write', 'schema.read', 'schema.apply'] as const;

export const readTracker = (): Promise<string> =>
  readFile(join(projectRoot, 'gateway/test/examples/tracker.graphql'), 'utf8');

/**
 * Creates a tenant with a project that has this schema. The project's key has all scopes.
 * @param sdl if null, no schema is applied
 */
export async function makeProject(app: TestApp, sdl: string | null): Promise<TestProject> {
  const tenant = await seedTenant(app.db);
  const { id, ref, key } = await emptyProject(app, tenant);
  await app.db.apiKey.update({ where: { id: key.id }, data: { scopes: [...everyScope] } });
  const endpoint = `${app.url}/p/${ref}/graphql`;
  const owner = await app.accessTokenFor(tenant.users.OWNER);
  const project: TestProject = {
    tenant,
    id,
    ref,
    endpoint,
    key: key.text,
    async ask(query, variables = {}, credential = key.text) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
        body: JSON.stringify({ query, variables }),
      });
      // The project API's responses always have this shape.
      return (await response.json()) as GraphqlBody;
    },
    async data(query, variables, credential) {
      const { data, errors } = await project.ask(query, variables, credential);
      if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
      return data;
    },
    async deploy(text) {
      const { __typename: outcome, ...rest } = await schemaAsks(app, ref, owner).change(text);
      if (outcome !== 'ApplySchemaSuccess') throw new Error(JSON.stringify({ outcome, ...rest }));
    },
  };
  if (sdl !== null) await project.deploy(sdl);
  return project;
}

/** Creates a project with the tracker's schema for the tests in a file. */
export function useTracker(app: TestApp): () => TestProject {
  let project: TestProject | null = null;
  beforeAll(async () => {
    project = await makeProject(app, await readTracker());
  });
  return () => {
    if (project === null) throw new Error('The project is only available from beforeAll on.');
    return project;
  };
}

/** Creates another key for a project. The key has the given scopes. */
export async function narrowKey(
  app: TestApp,
  { ref, tenant }: TestProject,
  scopes: readonly string[],
): Promise<string> {
  const { body } = await app.graphql(
    `mutation ($input: CreateApiKeyInput!) {
      result: createApiKey(input: $input) { ... on CreateApiKeySuccess { secret } }
    }`,
    { input: { projectRef: ref, name: scopes.join(), kind: 'SECRET', scopes } },
    await app.accessTokenFor(tenant.users.OWNER),
  );
  // The document selects only these fields.
  const { result } = body.data as { readonly result: { readonly secret?: string } };
  if (result.secret === undefined) throw new Error(JSON.stringify(body));
  return result.secret;
}
