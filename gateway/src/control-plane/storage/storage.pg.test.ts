import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { useApp, type GraphqlBody } from '../../../test/app.ts';
import { makeProject, type TestProject } from '../../../test/project-api.ts';
import { projectNames } from '../../engine/migrations.ts';
import { createStorageService } from './storage.service.ts';

const maxBytes = 2_000_000;
const app = useApp({ env: { PROJECT_MAX_BYTES: String(maxBytes) } });

const sdl = 'type Note @model { id: ID! @id  text: String!  place: Int! @unique }';
const rows = 400;

const createNotes = 'mutation ($data: [NoteCreateInput!]!) { createNotes(data: $data) { count } }';
const createNote = 'mutation { createNote(data: { text: "one more", place: 100000 }) { id } }';
const deleteNotes = (from: number) =>
  `mutation { deleteNotes(where: { place: { gte: ${from} } }, atMost: 10000) { count } }`;

/** Text that PostgreSQL cannot compress much. */
const noise = (length: number): string =>
  Array.from({ length }, () => Math.random().toString(36).charAt(2) || 'x').join('');

const noted = (from: number, count: number) => ({
  data: Array.from({ length: count }, (_, i) => ({ text: noise(5_000), place: from + i })),
});

const codeOf = ({ errors }: GraphqlBody) => errors?.[0]?.extensions?.['code'];

async function makeFull(): Promise<TestProject> {
  const project = await makeProject(app, sdl);
  for (let from = 0; from < rows; from += 100) {
    await project.data(createNotes, noted(from, 100));
  }
  await app.measureStorage();
  return project;
}

/** The project as its owner sees it in the management API. */
async function storageOf({ ref, tenant }: TestProject) {
  const { body } = await app.graphql(
    '{ project(ref: "' + ref + '") { storage { usedBytes quotaBytes isFull measuredAt } } }',
    {},
    await app.accessTokenFor(tenant.users.OWNER),
  );
  // The document selects these fields.
  return (body.data as { project: { storage: Record<string, unknown> } }).project.storage;
}

/** A server process of PostgreSQL publishes its statistics after at most 10 s. */
async function untilDeletionsAreCounted({ ref }: TestProject, atLeast: number) {
  await expect
    .poll(
      async () => {
        const { rows: counts } = await app.database.pool.query<{ deleted: string }>(
          `SELECT coalesce(sum(n_tup_del), 0) AS deleted FROM pg_stat_user_tables WHERE schemaname = $1`,
          [projectNames(ref).schema],
        );
        return Number(counts[0]?.deleted);
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThanOrEqual(atLeast);
}

describe('a project that has reached its maximum size', () => {
  it('can be read and deleted from, but not written to, until enough rows are deleted', async () => {
    const project = await makeFull();
    const ask = (query: string) => project.ask(query);
    expect(await storageOf(project)).toMatchObject({ quotaBytes: maxBytes, isFull: true });

    const refused = await ask(createNote);
    expect(codeOf(refused)).toBe('STORAGE_FULL');
    expect(refused.errors?.[0]?.path).toEqual(['createNote']);
    expect(
      codeOf(await ask('mutation { updateNote(where: { place: 1 }, data: { text: "x" }) { id } }')),
    ).toBe('STORAGE_FULL');
    expect(
      codeOf(
        await ask(
          'mutation { upsertNote(where: { place: 1 }, create: { text: "a", place: 1 }, update: { text: "b" }) { id } }',
        ),
      ),
    ).toBe('STORAGE_FULL');
    // A large body is handled on another thread.
    expect(codeOf(await project.ask(createNotes, noted(1_000, 100)))).toBe('STORAGE_FULL');
    // Nothing of a request with several mutations runs.
    expect(
      codeOf(
        await ask(
          'mutation { deleteNote(where: { place: 1 }) { id } createNote(data: { text: "x", place: -1 }) { id } }',
        ),
      ),
    ).toBe('STORAGE_FULL');
    expect(await project.data('{ notes { totalCount } }')).toEqual({ notes: { totalCount: rows } });

    expect(await project.data(deleteNotes(10))).toEqual({ deleteNotes: { count: rows - 10 } });
    await untilDeletionsAreCounted(project, rows - 10);
    await app.measureStorage();

    const after = await storageOf(project);
    expect(after).toMatchObject({ isFull: false });
    expect(Number(after['usedBytes'])).toBeLessThan(maxBytes / 2);
    expect(await project.data(createNote)).toMatchObject({ createNote: {} });
    expect(await project.data('{ notes { totalCount } }')).toEqual({ notes: { totalCount: 11 } });
  });

  it('is known to a gateway that did not measure it', async () => {
    const { ref } = await makeFull();
    const other = createStorageService({
      db: app.db,
      schemaPool: app.database.pool,
      maxBytes,
      logger: pino({ level: 'silent' }),
    });
    expect(other.isFull(ref)).toBe(false);
    await other.runRound();
    expect(other.isFull(ref)).toBe(true);
    expect(other.stats().fullProjects).toBeGreaterThan(0);
  });

  it('can get its own maximum from the operator', async () => {
    const project = await makeFull();
    await app.db.projectStorage.update({
      where: { projectId: project.id },
      data: { quotaBytes: 50_000_000 },
    });
    await app.measureStorage();
    expect(await storageOf(project)).toMatchObject({ quotaBytes: 50_000_000, isFull: false });
    expect(codeOf(await project.ask(createNote))).toBeUndefined();
  });
});

describe('measuring', () => {
  it('includes indexes and long values, and leaves other projects writable', async () => {
    const [large, small] = [await makeFull(), await makeProject(app, sdl)];
    await app.measureStorage();
    expect(Number((await storageOf(large))['usedBytes'])).toBeGreaterThan(rows * 5_000 * 0.5);
    const { usedBytes, isFull, measuredAt } = await storageOf(small);
    expect(usedBytes).toBeGreaterThan(0);
    expect(isFull).toBe(false);
    expect(Date.parse(String(measuredAt))).toBeGreaterThan(Date.now() - 60_000);
    expect(codeOf(await small.ask(createNote))).toBeUndefined();
  });

  it('does not wait for a project whose schema is being changed', async () => {
    const project = await makeProject(app, sdl);
    const other = await makeProject(app, sdl);
    const client = await app.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `LOCK TABLE "${projectNames(project.ref).schema}"."note" IN ACCESS EXCLUSIVE MODE`,
      );
      const startedAt = performance.now();
      await app.measureStorage();
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect(await storageOf(other)).toMatchObject({ measuredAt: expect.any(String) as string });
      expect(await storageOf(project)).toMatchObject({ measuredAt: null, usedBytes: 0 });
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await app.measureStorage();
    expect(await storageOf(project)).toMatchObject({ measuredAt: expect.any(String) as string });
  });

  it('is denied to API keys', async () => {
    const project = await makeProject(app, sdl);
    const { body } = await app.graphql(
      `{ project(ref: "${project.ref}") { storage { usedBytes } } }`,
      {},
      project.key,
    );
    expect(codeOf(body)).toBe('FORBIDDEN');
  });
});
