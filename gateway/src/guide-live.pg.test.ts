import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { useApp } from '../test/app.ts';
import { examplesOf, type Example } from '../test/guide.ts';
import { Collected } from '../test/live/collected.ts';
import { projectRoot } from '../test/process.ts';
import { makeProject, type TestProject } from '../test/project-api.ts';

// Runs the examples about live data: the operations with the results that the page shows, and its programs.

const app = useApp();
const examples = examplesOf('guide/live');
const exampleOf = (kind: string): Example => {
  const found = examples.find((example) => example.kind === kind);
  if (found === undefined) throw new Error(`The page has no example of the kind ${kind}.`);
  return found;
};
/** The programs are modules in this folder, so that they find the packages that they import. */
const folder = join(projectRoot, '.cache', `guide-live-${process.pid}`);
let project: TestProject;
let client: Client;

beforeAll(async () => {
  // Browsers have this global variable, and the programs of the guide are for browsers.
  vi.stubGlobal('WebSocket', WebSocket);
  await mkdir(folder, { recursive: true });
  project = await makeProject(app, exampleOf('schema').text);
  client = createClient({
    url: project.endpoint.replace('http', 'ws'),
    connectionParams: { apiKey: project.key },
  });
  await project.data(
    'mutation { createBoard(data: { name: "Docs", issues: { create: [{ title: "Write the guide" }] } }) { id } }',
  );
});

afterAll(async () => {
  await client.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program of a page, with values for what a reader replaces. */
async function run(
  name: string,
  text: string,
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  for (const [global, value] of Object.entries(globals)) vi.stubGlobal(global, value);
  const file = join(folder, `${name}.ts`);
  const own = text
    .replace('wss://tessera.example/p/<ref>/graphql', project.endpoint.replace('http', 'ws'))
    .replace('tpk_…', project.key);
  await writeFile(file, own);
  // The exports of a module are named.
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<
    Record<string, unknown>
  >;
}

const waiting = { timeout: 25_000, interval: 20 };

describe('the operations of the guide about live data', () => {
  const operations = examples.filter(({ kind }) => ['query', 'mutation', 'answer'].includes(kind));

  it('have the results that the page shows', async () => {
    let seen = new Collected<unknown>();
    let shown = 0;
    for (const { kind, text, error } of operations) {
      if (kind === 'mutation') {
        await project.data(text);
        continue;
      }
      if (kind === 'answer') {
        await seen.reaches(JSON.parse(text));
        shown += 1;
        continue;
      }
      seen = new Collected();
      client.subscribe({ query: text }, seen);
      // A stream has no first result: it has begun when a live query that was started later has one.
      const later = new Collected();
      client.subscribe({ query: 'subscription { boards { totalCount } }' }, later);
      if (error !== null) {
        expect(await seen.fails()).toMatchObject([{ extensions: { code: error } }]);
        shown += 1;
      }
      await vi.waitFor(() => expect(later.values).toHaveLength(1), waiting);
    }
    expect(shown).toBe(4);
  }, 60_000);
});

const titlesIn = (data: unknown) =>
  (data as { issues: { nodes: { title: string }[] } }).issues.nodes.map(({ title }) => title);

describe('the programs of the guide', () => {
  const globals = { currentToken: () => Promise.resolve(undefined) };
  const create = (title: string) =>
    project.data(
      `mutation ($title: String!) {
        createIssue(data: { title: $title, board: { connect: { name: "Docs" } } }) { id }
      }`,
      { title },
    );

  it('follow a live query', async () => {
    const shown: string[][] = [];
    const show = (data: unknown) => shown.push(titlesIn(data));
    const program = await run('client', exampleOf('client').text, { ...globals, show });
    await vi.waitFor(() => expect(shown).toHaveLength(1), waiting);
    await create('By a client');
    await vi.waitFor(() => expect(shown.at(-1)).toContain('By a client'), waiting);
    (program['unsubscribe'] as () => void)();
    await (program['client'] as Client).dispose();
  });

  it('apply patches', async () => {
    const states: unknown[] = [];
    const patches: unknown[] = [];
    const spying = Object.create(client) as Client;
    spying.subscribe = (payload, sink) =>
      client.subscribe(payload, {
        ...sink,
        next(result) {
          if (result.data === undefined) patches.push(result);
          sink.next(result as never);
        },
      });
    const show = (state: unknown) => states.push(structuredClone(state));
    for (let n = 0; n < 20; n += 1) await create(`Long list ${n}`);
    const program = await run('patch', exampleOf('patch').text, { client: spying, show });
    await vi.waitFor(() => expect(states).toHaveLength(1), waiting);
    await create('A patch');
    await vi.waitFor(() => expect(patches).toHaveLength(1), waiting);
    const { issues } = await project.data(
      '{ issues(orderBy: [{ title: ASC }]) { nodes { id title } totalCount } }',
    );
    expect(states.at(-1)).toEqual({ issues });
    (program['unsubscribe'] as () => void)();
  });

  it('keep a copy of rows across lost connections and expired cursors', async () => {
    const { replicate } = await run('replica', exampleOf('replica').text);
    const rows = new Map<string, { readonly title: string }>();
    const stopping = new AbortController();
    const running = (replicate as (...args: readonly unknown[]) => Promise<void>)(
      project.endpoint,
      project.key,
      rows,
      stopping.signal,
    );
    const isEqual = async () => {
      const { issues } = await project.data('{ issues(first: 100) { nodes { id title } } }');
      const { nodes } = issues as { nodes: { id: string }[] };
      await vi.waitFor(
        () => expect([...rows]).toEqual(expect.arrayContaining(nodes.map((row) => [row.id, row]))),
        waiting,
      );
      await vi.waitFor(() => expect(rows.size).toBe(nodes.length), waiting);
    };
    await isEqual();
    await create('Created');
    await project.data(
      'mutation { updateIssues(where: { title: { eq: "Created" } }, data: { title: "Updated" }) { count } }',
    );
    await isEqual();
    await project.data('mutation { deleteIssues(where: { title: { eq: "Updated" } }) { count } }');
    await isEqual();
    // A new epoch of the log, as after a restore. The stream ends, and the cursor is not valid any more.
    const schema = `"p_${project.ref}"`;
    await app.database.pool.query(`UPDATE ${schema}."$log" SET epoch = gen_random_uuid()`);
    await app.database.pool.query(`DELETE FROM ${schema}.issue WHERE title LIKE 'Long list 1%'`);
    await isEqual();
    await app.database.pool.query(`TRUNCATE ${schema}.issue CASCADE`);
    await isEqual();
    expect(rows.size).toBe(0);
    await create('After a reset');
    await isEqual();
    stopping.abort();
    await running;
  });

  it('of the reference connect, and renew the token', async () => {
    const [connect = '', renew = ''] = examplesOf('reference/connections')
      .filter(({ language }) => language === 'ts')
      .map(({ text }) => text);
    let asked = 0;
    const currentToken = () => {
      asked += 1;
      return Promise.resolve(undefined);
    };
    const program = await run(
      'connections',
      `${connect}\n${renew.replace('240_000', '20')}\nexport { client };`,
      { currentToken },
    );
    const own = program['client'] as Client;
    const seen = new Collected();
    own.subscribe({ query: 'subscription { boards { totalCount } }' }, seen);
    await seen.reaches({ data: { boards: { totalCount: 1 } } });
    const first = asked;
    await vi.waitFor(() => expect(asked).toBeGreaterThan(first + 3), waiting);
    // The pings did not close the connection.
    expect(seen.errors).toEqual([]);
    await own.dispose();
  });
});
