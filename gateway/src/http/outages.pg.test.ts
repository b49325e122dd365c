import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { untilWaiting, whileHolding } from '../../test/locks.ts';
import { makeProject, type TestProject } from '../../test/project-api.ts';

const app = useApp();
let project: TestProject;
let owner: string;
beforeAll(async () => {
  project = await makeProject(app, 'type Note @model { id: ID! @id  text: String! }');
  owner = await app.accessTokenFor(project.tenant.users.OWNER);
  // Lets a test decide how statements that insert into a table fail, during the statement or during COMMIT.
  await app.database.pool.query(
    `CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'secret detail' USING ERRCODE = TG_ARGV[0]; END $$;
     CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
       $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$`,
  );
});

const createNote = 'mutation { createNote(data: { text: "a" }) { id } }';
const createOrganization = `mutation { createOrganization(input: { name: "Acme" }) {
  ... on CreateOrganizationSuccess { organization { id } } } }`;

interface Api {
  readonly table: () => string;
  readonly send: (accept: string) => Promise<Response>;
}

const post = (url: string, query: string, credential: string, accept: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${credential}` },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(20_000),
  });

const apis: readonly (readonly [string, Api])[] = [
  [
    "a project's API",
    {
      table: () => `p_${project.ref}.note`,
      send: (accept) => post(project.endpoint, createNote, project.key, accept),
    },
  ],
  [
    'the management API',
    {
      table: () => 'tessera.organizations',
      send: (accept) => post(`${app.url}/graphql`, createOrganization, owner, accept),
    },
  ],
];

/** Runs `work` while a trigger is attached to the table. */
async function withTrigger<T>(table: string, trigger: string, work: () => Promise<T>): Promise<T> {
  const { pool } = app.database;
  await pool.query(`CREATE CONSTRAINT TRIGGER outage AFTER INSERT ON ${table} ${trigger}`);
  try {
    return await work();
  } finally {
    await pool.query(`DROP TRIGGER outage ON ${table}`);
  }
}

async function seen(response: Response) {
  const text = await response.text();
  const { errors, ...others } = JSON.parse(text) as {
    errors: readonly { extensions: { code: string } }[];
  };
  expect(text).not.toContain('secret detail');
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    code: errors[0]?.extensions.code,
    others,
  };
}

describe.each(apis)('a mutation of %s', (_name, { table, send }) => {
  const count = async () => {
    const { rows } = await app.database.pool.query<{ count: string }>(
      `SELECT count(*) FROM ${table()}`,
    );
    return rows[0]?.count;
  };

  it.each(
    ['53100', '53200', '57P03', '25006', '58030'].flatMap((code) =>
      ['application/json', 'application/graphql-response+json'].map((accept) => [code, accept]),
    ),
  )('that fails with SQLSTATE %s has status 503 and no data for %s', async (code, accept) => {
    const before = await count();
    const trigger = `FOR EACH ROW EXECUTE FUNCTION public.fail('${code}')`;
    const response = await withTrigger(table(), trigger, () => send(accept));
    expect(await seen(response)).toEqual({
      status: 503,
      retryAfter: '1',
      code: 'OVERLOADED',
      others: {},
    });
    expect(await count()).toBe(before);
  });

  it('has an unknown outcome if the connection is lost during COMMIT', async () => {
    const { pool } = app.database;
    const trigger = 'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.hold()';
    const response = await withTrigger(table(), trigger, async () => {
      const held = await whileHolding(
        pool,
        { sql: 'SELECT pg_advisory_xact_lock(4711)' },
        async () => {
          const sent = send('application/json');
          await untilWaiting(pool, 1);
          await pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return { response: await sent };
        },
      );
      return held.response;
    });
    expect(await seen(response)).toEqual({
      status: 503,
      retryAfter: null,
      code: 'OUTCOME_UNKNOWN',
      others: {},
    });
  });
});
