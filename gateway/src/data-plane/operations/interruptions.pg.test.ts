import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../graphql/document-error.ts';
import { useTestDatabase } from '../../../test/database.ts';
import {
  useOperations,
  type Answer,
  type ServedProject,
} from '../../../test/engine/operations-kit.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';

const database = useTestDatabase();
const kit = useOperations(database);

const item = 'type Item @model { id: ID! @id  name: String!  size: Int }';
const smallItem = 'type Item @model { id: ID! @id  name: String! }';
const thing = 'type Thing @model { id: ID! @id  title: String! }';

const removed = expect.objectContaining({
  errors: [expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })],
}) as unknown;

describe("a schema that is newer than a request's snapshot", () => {
  it('does not affect models and fields that still exist', async () => {
    await kit.serve(`${item} ${thing}`, async (project) => {
      await project.ask('mutation { createItem(data: { name: "a", size: 1 }) { id } }');
      const text = '{ items { nodes { name } } }';
      await project.ask(text);
      await project.deploy(`${smallItem} ${thing}`);
      expect((await project.ask(text)).data).toEqual({ items: { nodes: [{ name: 'a' }] } });
      expect(
        (await project.ask('mutation { createItem(data: { name: "b" }) { name } }')).data,
      ).toEqual({ createItem: { name: 'b' } });
    });
  });

  it('causes a validation error for a query that requests a removed field', async () => {
    await kit.serve(item, async (project) => {
      const text = '{ items { nodes { name size } } }';
      expect((await project.ask(text)).errors).toEqual([]);
      await project.deploy(smallItem);
      await expect(project.ask(text)).rejects.toEqual(removed);
      expect(kit.refreshes()).toBe(1);
      await expect(
        project.ask('mutation { createItem(data: { name: "b", size: 1 }) { name } }'),
      ).rejects.toEqual(removed);
    });
  });

  it('makes a new field available immediately', async () => {
    await kit.serve(smallItem, async (project) => {
      await project.deploy(item);
      expect((await project.ask('{ items { nodes { name size } } }')).data).toEqual({
        items: { nodes: [] },
      });
      expect(
        (await project.ask('mutation { createItem(data: { name: "b", size: 1 }) { size } }')).data,
      ).toEqual({ createItem: { size: 1 } });
    });
  });

  it('does not refresh the snapshot for errors that a schema change cannot cause', async () => {
    await kit.serve(item, async (project) => {
      await project.ask('{ items { nodes { name } } }');
      await project.ask('{ items(after: "nonsense") { totalCount } }');
      expect(kit.refreshes()).toBe(0);
    });
  });

  it('causes no other errors when schemas change repeatedly under load', async () => {
    await kit.serve(`${item} ${thing}`, async (project) => {
      let isOver = false;
      const seen: (Answer | DocumentError)[] = [];
      const texts = [
        '{ items { nodes { name size } totalCount } }',
        '{ items { nodes { name } } things { nodes { title } } }',
        'mutation { createItem(data: { name: "x" }) { name } a: createThing(data: { title: "x" }) { id title } }',
        'mutation { updateItems(where: { name: { eq: "x" } }, data: { name: "y" }, atMost: 10000) { count } }',
      ];
      const client = async (text: string) => {
        while (!isOver) {
          const answer = await project.ask(text).catch((error: unknown) => {
            if (error instanceof DocumentError) return error;
            throw error;
          });
          seen.push(answer);
          await turn();
        }
      };
      const clients = Promise.all([...texts, ...texts].map(client));
      for (let round = 0; round < 4; round += 1) {
        for (const sdl of [`${smallItem} ${thing}`, thing, `${item} ${thing}`])
          await project.deploy(sdl);
      }
      isOver = true;
      await clients;
      const answers = seen.filter((each) => !(each instanceof DocumentError));
      expect(answers.length).toBeGreaterThan(20);
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    });
  });
});

describe('concurrent requests that deadlock', () => {
  it('all succeed eventually', async () => {
    await kit.serve(item, async (project) => {
      await project.ask('mutation { createItems(data: [{ name: "a" }, { name: "b" }]) { count } }');
      const update = (name: string) =>
        `${name}: updateItems(where: { name: { eq: "${name}" } }, data: { size: 1 }) { count }`;
      const both = async (first: string, second: string) =>
        project.ask(`mutation { ${update(first)} ${update(second)} }`);
      const table = `"${project.names.schema}".item`;
      // Both mutations wait for these locks. Then each changes one row and waits for the row that the other one
      // changed.
      const held = { sql: `SELECT FROM ${table} FOR UPDATE` };
      const answers = await whileHolding(database.pool, held, async () => {
        const asked = Promise.all([both('a', 'b'), both('b', 'a')]);
        await untilWaiting(database.pool, 2);
        return { asked };
      });
      for (const { errors } of await answers.asked) expect(errors).toEqual([]);
    });
  });
});

describe('a lost connection', () => {
  const slow = (project: ServedProject) => ({ sql: `LOCK TABLE "${project.names.schema}".item` });
  const terminate = async () => {
    await untilWaiting(database.pool, 1);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'tessera-projects' AND wait_event_type = 'Lock' AND datname = current_database()`,
    );
  };

  it('does not affect a query', async () => {
    await kit.serve(item, async (project) => {
      const asked = await whileHolding(database.pool, slow(project), async () => {
        const query = project.ask('{ items { totalCount } }');
        await terminate();
        await untilWaiting(database.pool, 1);
        return { query };
      });
      expect(await asked.query).toEqual({ data: { items: { totalCount: 0 } }, errors: [] });
    });
  });

  it('during a mutation of one statement makes its outcome unknown', async () => {
    await kit.serve(item, async (project) => {
      const asked = await whileHolding(database.pool, slow(project), async () => {
        const mutation = project.ask('mutation { createItem(data: { name: "a" }) { id } }');
        await terminate();
        return { mutation };
      });
      expect(await asked.mutation).toMatchObject({
        data: null,
        errors: [{ code: 'OUTCOME_UNKNOWN', headers: {} }],
      });
    });
  });

  it('before COMMIT does not affect a mutation, which runs again', async () => {
    await kit.serve(item, async (project) => {
      const asked = await whileHolding(database.pool, slow(project), async () => {
        const mutation = project.ask(
          'mutation { a: createItem(data: { name: "a" }) { name } b: createItem(data: { name: "b" }) { name } }',
        );
        await terminate();
        await untilWaiting(database.pool, 1);
        return { mutation };
      });
      expect(await asked.mutation).toEqual({
        data: { a: { name: 'a' }, b: { name: 'b' } },
        errors: [],
      });
      expect(await project.ask('{ items { totalCount } }')).toMatchObject({
        data: { items: { totalCount: 2 } },
      });
    });
  });

  it('during COMMIT makes the outcome unknown, and the mutation does not run again', async () => {
    await kit.serve(item, async (project) => {
      const { schema } = project.names;
      // A deferred constraint trigger runs during COMMIT and waits for a lock.
      await database.pool.query(
        `CREATE FUNCTION "${schema}".hold() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
         GRANT EXECUTE ON FUNCTION "${schema}".hold() TO PUBLIC;
         CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON "${schema}".item
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "${schema}".hold()`,
      );
      const hold = { sql: 'SELECT pg_advisory_xact_lock(4711)' };
      const asked = await whileHolding(database.pool, hold, async () => {
        const mutation = project.ask(
          'mutation { a: createItem(data: { name: "a" }) { id } b: createItem(data: { name: "b" }) { id } }',
        );
        await terminate();
        return { mutation };
      });
      expect(await asked.mutation).toMatchObject({
        data: null,
        errors: [{ code: 'OUTCOME_UNKNOWN', headers: {} }],
      });
      expect(await project.ask('{ items { totalCount } }')).toMatchObject({
        data: { items: { totalCount: 0 } },
      });
    });
  });
});

describe('a client that disconnects', () => {
  it('gets no response, and its statement is cancelled', async () => {
    await kit.serve(item, async (project) => {
      const client = new AbortController();
      const { signal } = client;
      const table = `"${project.names.schema}".item`;
      await whileHolding(database.pool, { sql: `LOCK TABLE ${table}` }, async () => {
        const asked = project.ask('{ items { totalCount } }', { signal });
        await untilWaiting(database.pool, 1);
        client.abort();
        await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
        await untilWaiting(database.pool, 0);
      });
      await expect(project.ask('{ __typename }', { signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
    });
  });
});
