import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { asksOf, type Ask, type KnownRows } from '../../test/project-asks.ts';
import { makeProject, narrowKey, readTracker, type TestProject } from '../../test/project-api.ts';
import { codesOf, contentOf, trespass } from '../../test/twin-projects.ts';
import { buildApi } from '../engine/api/build-api.ts';
import { projectSchema, type ProjectSchema } from '../data-plane/projects/project-schema.ts';

const app = useApp();
const everything = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;
const unknownRef = 'zzzzzzzzzzzzzzzz';

/** One of two projects with the same schema. Every string contains a canary that is unique to the project. */
interface Twin extends TestProject {
  readonly canary: string;
  readonly rows: KnownRows;
}

let schema: ProjectSchema;
let own: Twin;
let foreign: Twin;
let asks: readonly Ask[];

beforeAll(async () => {
  const sdl = await readTracker();
  schema = projectSchema(sdl);
  [own, foreign] = await Promise.all([makeTwin(sdl, 'OWN'), makeTwin(sdl, 'THEIR')]);
  const model = schema.model();
  asks = asksOf(buildApi(model, everything).schema, model, foreign.rows);
}, 60_000);

async function makeTwin(sdl: string, key: string): Promise<Twin> {
  const project = await makeProject(app, sdl);
  const canary = `canary${project.ref}`;
  await project.data(
    `mutation ($key: String!, $text: String!, $email: String!) {
      createUser(data: { email: $email, name: $text }) { id }
      createBoard(data: {
        key: $key, name: $text
        members: { create: [{ user: { connect: { email: $email } } }] }
        issues: { create: [{
          number: 1, title: $text, body: $text, tags: [$text], meta: { text: $text }, estimate: "1.5", due: "2026-01-02"
          assignee: { connect: { email: $email } }
          parent: { create: { number: 2, title: $text, board: { create: { key: "PARENT", name: $text } } } }
          labels: { create: [{ name: $text }] }
          comments: { create: [{ text: $text, author: { connect: { email: $email } } }] }
        }] }
      }) { id }
    }`,
    { key, text: canary, email: `${canary}@example.org` },
  );
  return { ...project, canary, rows: await knownRows(project, canary) };
}

/** Returns the first row of every type, with its cursor. */
async function knownRows(project: TestProject, canary: string): Promise<KnownRows> {
  const data = await project.data(`{
    User: users { edges { cursor node { id email name } } }
    Board: boards(where: { key: { neq: "PARENT" } }) { edges { cursor node { id key name } } }
    Membership: memberships { edges { cursor node { id role boardId userId } } }
    Issue: issues(where: { number: { eq: 1 } }) { edges { cursor node {
      id number title body status estimate due tags meta boardId assigneeId parentId createdAt updatedAt
    } } }
    Label: labels { edges { cursor node { id name } } }
    Comment: comments { edges { cursor node { id text issueId authorId createdAt } } }
  }`);
  return Object.fromEntries(
    Object.entries(data).map(([type, connection]) => {
      // The query above selects these fields for each type.
      const { edges } = connection as { edges: { cursor: string; node: object }[] };
      const [edge] = edges;
      if (edge === undefined) throw new Error(`No row of type ${type}.`);
      return [type, { ...edge.node, cursor: edge.cursor, canary }];
    }),
  );
}

describe('a project that receives ids, strings and cursors from another project', () => {
  it('returns nothing from the other project and does not change it', async () => {
    const before = await contentOf(app, foreign);
    const traces: string[] = [];
    const surprises: string[] = [];
    for (const { name, query, variables } of asks) {
      const answer = await own.ask(query, variables);
      const told = JSON.stringify(answer).replaceAll(own.canary, '');
      // A mutation returns the values that it wrote, and its input contains the other project's strings.
      if (!query.startsWith('mutation') && told.includes(foreign.canary)) traces.push(name);
      if (codesOf(answer).includes('INTERNAL_SERVER_ERROR')) surprises.push(name);
    }
    expect(asks.length).toBeGreaterThan(1_000);
    expect(traces).toEqual([]);
    expect(surprises).toEqual([]);
    expect(await contentOf(app, foreign)).toEqual(before);
  }, 240_000);

  it('treats a cursor from the other project as a position among its own rows', async () => {
    const answer = await own.data(
      `query ($after: Cursor) { users(after: $after) { nodes { name } } }`,
      {
        after: foreign.rows['User']?.['cursor'],
      },
    );
    expect(JSON.stringify(answer)).not.toContain(foreign.canary);
  });
});

describe("another project's key", () => {
  it('gets the same response as for a project that does not exist', async () => {
    const refused = await foreign.ask('{ issues { totalCount } }', {}, own.key);
    const nowhere = await fetch(foreign.endpoint.replace(foreign.ref, unknownRef), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${own.key}` },
      body: JSON.stringify({ query: '{ issues { totalCount } }' }),
    });
    expect(codesOf(refused)).toEqual(['NOT_FOUND']);
    expect(await nowhere.json()).toEqual(refused);
  });

  it('is rejected by every operation and by the printed schema', async () => {
    const before = await contentOf(app, foreign);
    for (const { query, variables } of asks.filter((_, index) => index % 25 === 0)) {
      expect(codesOf(await foreign.ask(query, variables, own.key))).toEqual(['NOT_FOUND']);
    }
    const sdl = await fetch(foreign.endpoint.replace(/graphql$/, 'schema.graphql'), {
      headers: { authorization: `Bearer ${own.key}` },
    });
    expect(sdl.status).toBe(404);
    expect(await contentOf(app, foreign)).toEqual(before);
  });
});

describe('a key that can read one model', () => {
  it('cannot reach another model through any field, filter, sort order or mutation', async () => {
    const key = await narrowKey(app, own, ['data.read:Label']);
    const before = await contentOf(app, own);
    for (const { name, query, variables } of asks.filter((_, index) => index % 10 === 0)) {
      const answer = await own.ask(query, variables, key);
      const isAboutLabels = /^Query\.labels? /.test(name);
      if (!isAboutLabels) expect(codesOf(answer), name).toContain('GRAPHQL_VALIDATION_FAILED');
    }
    expect(await own.ask('{ labels { nodes { name } } }', {}, key)).toHaveProperty('data.labels');
    expect(await contentOf(app, own)).toEqual(before);
  });
});

describe("without the gateway's own checks", () => {
  it("PostgreSQL rejects every statement that a project role runs on another project's tables", async () => {
    const before = await contentOf(app, foreign);
    const { answered, refused } = await trespass(app, { schema, own, foreign, asks });
    expect(answered).toEqual([]);
    expect(refused).toBeGreaterThan(asks.length * 0.5);
    expect(await contentOf(app, foreign)).toEqual(before);
  }, 120_000);
});
