import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { asksOf, type Ask, type KnownRows } from '../../test/project-asks.ts';
import { makeProject, type TestProject } from '../../test/project-api.ts';
import { codesOf, contentOf, trespass } from '../../test/twin-projects.ts';
import { buildApi } from '../engine/api/build-api.ts';
import { columnsOfType } from '../engine/api/model-index.ts';
import { projectSchema, type ProjectSchema } from '../data-plane/projects/project-schema.ts';

const app = useApp();
const everything = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;

/** One of two projects with the same schema, and equal numbers as keys. Every string contains a canary. */
interface Twin extends TestProject {
  readonly canary: string;
  readonly rows: KnownRows;
}

let schema: ProjectSchema;
let own: Twin;
let foreign: Twin;
let asks: readonly Ask[];

beforeAll(async () => {
  const sdl = await readFile(new URL('../../test/examples/keys.graphql', import.meta.url), 'utf8');
  schema = projectSchema(sdl);
  [own, foreign] = await Promise.all([makeTwin(sdl), makeTwin(sdl)]);
  const model = schema.model();
  asks = asksOf(buildApi(model, everything).schema, model, foreign.rows);
}, 60_000);

async function makeTwin(sdl: string): Promise<Twin> {
  const project = await makeProject(app, sdl);
  const canary = `canary${project.ref}`;
  await project.data(
    `mutation ($code: String!, $text: String!) {
      createShelf(data: {
        name: $text
        labels: { create: [{ code: $code, color: $text }] }
        notes: { create: [{ text: $text, author: { create: { email: $text, profile: { create: { bio: $text } } } } }] }
        cells: { create: [{
          amount: 3
          item: { create: { title: $text, whole: { create: { title: $text } } } }
          labels: { connect: [{ code: $code }] }
          slots: { create: [{ number: 1, size: LARGE }] }
          checks: { create: [{ at: "2026-01-02T00:00:00Z" }] }
        }] }
      }) { id }
      createDay(data: { date: "2026-01-02", person: { connect: { email: $text } } }) { date }
      createPrice(data: { size: SMALL, amount: "1.50", note: { create: { text: $text, author: { connect: { email: $text } } } } }) { size }
    }`,
    { code: project.ref, text: canary },
  );
  return { ...project, canary, rows: await knownRows(project, canary) };
}

/** Returns the first row of every type, with its cursor. */
async function knownRows(project: TestProject, canary: string): Promise<KnownRows> {
  const selections = schema.model().types.map((type) => {
    const columns = columnsOfType(type).map(({ name }) => name);
    return `${type.name}: ${type.names.many} { edges { cursor node { ${columns.join(' ')} } } }`;
  });
  const data = await project.data(`{ ${selections.join(' ')} }`);
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

describe('a project that receives keys of every kind from another project', () => {
  it('has its own rows with the same numbers', async () => {
    const query = '{ shelf(where: { id: 1 }) { id name } item(where: { id: 1 }) { id title } }';
    for (const twin of [own, foreign]) {
      expect(await twin.data(query)).toEqual({
        shelf: { id: 1, name: twin.canary },
        item: { id: '1', title: twin.canary },
      });
    }
  });

  it('returns nothing from the other project, and changes neither its rows nor its sequences', async () => {
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
});

describe("without the gateway's own checks", () => {
  it("PostgreSQL rejects every statement on another project's tables and sequences", async () => {
    const before = await contentOf(app, foreign);
    const { answered, refused } = await trespass(app, { schema, own, foreign, asks });
    expect(answered).toEqual([]);
    expect(refused).toBeGreaterThan(asks.length * 0.5);
    expect(await contentOf(app, foreign)).toEqual(before);
  }, 120_000);
});
