import { getIntrospectionQuery } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DocumentError } from '../../graphql/document-error.ts';
import { useTestDatabase } from '../../../test/database.ts';
import {
  everything,
  useOperations,
  type ServedProject,
} from '../../../test/engine/operations-kit.ts';
import { watchSentMessages } from '../../../test/engine/sent-messages.ts';

const database = useTestDatabase();
const kit = useOperations(database);
afterEach(() => void vi.restoreAllMocks());

const sdl = `
  type Item @model { id: ID! @id  name: String! @unique  size: Int  box: Box }
  type Box @model { id: ID! @id  name: String!  items: [Item!]! }
`;

/** Runs `work` on a project with the items a, b and c of sizes 1, 2 and 3. */
async function withItems<T>(work: (project: ServedProject) => Promise<T>): Promise<T> {
  return kit.serve(sdl, async (project) => {
    await project.ask(`mutation { createItems(data: [
      { name: "a", size: 1 }, { name: "b", size: 2 }, { name: "c", size: 3 }
    ]) { count } }`);
    return work(project);
  });
}

/** Returns the error with which the promise is rejected. */
const refusalOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (answer) => ({ answer }),
    (error: unknown) => error,
  );

describe('a query', () => {
  it('runs as one statement, and its result has the fields in the requested order', async () => {
    await withItems(async (project) => {
      const sent = watchSentMessages();
      const text = `{ first: item(where: { name: "a" }) { size } __typename
        items(orderBy: [{ name: DESC }]) { totalCount nodes { name } } none: item(where: { name: "x" }) { size } }`;
      const { data } = await project.ask(text);
      expect(JSON.stringify(data)).toBe(
        '{"first":{"size":1},"__typename":"Query",' +
          '"items":{"totalCount":3,"nodes":[{"name":"c"},{"name":"b"},{"name":"a"}]},"none":null}',
      );
      expect(sent.run.filter((name) => name !== '')).toHaveLength(1);
    });
  });

  it('does not query the database if no field needs it', async () => {
    await kit.serve(sdl, async (project) => {
      const sent = watchSentMessages();
      expect((await project.ask('{ __typename a: __typename }')).data).toEqual({
        __typename: 'Query',
        a: 'Query',
      });
      expect((await project.ask('{ __typename @skip(if: true) }')).data).toEqual({});
      expect(sent.run).toEqual([]);
    });
  });

  it('is planned once for all values of its variables, and again for another plan key', async () => {
    await withItems(async (project) => {
      const before = kit.operations.stats();
      const text = 'query ($where: ItemWhereInput) { items(where: $where) { nodes { name } } }';
      const names = async (where: unknown) =>
        (await project.ask(text, { variables: { where } })).data;
      for (const [size, name] of [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ] as const) {
        expect(await names({ size: { eq: size } })).toEqual({ items: { nodes: [{ name }] } });
      }
      expect(await names({ name: { in: ['b'] } })).toEqual({ items: { nodes: [{ name: 'b' }] } });
      const after = kit.operations.stats();
      expect(after.misses - before.misses).toBe(2);
      expect(after.hits - before.hits).toBe(2);
    });
  });

  it('is planned once for all projects with the same schema', async () => {
    const text = '{ items(first: 7) { totalCount } }';
    await withItems(async (one) => {
      await kit.serve(sdl, async (other) => {
        expect((await one.ask(text)).data).toEqual({ items: { totalCount: 3 } });
        const before = kit.operations.stats();
        expect((await other.ask(text)).data).toEqual({ items: { totalCount: 0 } });
        expect(kit.operations.stats()).toEqual({ ...before, hits: before.hits + 1 });
      });
    });
  });

  it('is planned separately for callers with different access', async () => {
    await withItems(async (project) => {
      const text = '{ items { nodes { name box { name } } } }';
      await project.ask(text);
      const access = { ...everything, read: new Set(['Item']) };
      expect(await refusalOf(project.ask(text, { access }))).toMatchObject({
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
    });
  });
});

describe('a request', () => {
  it('is rejected if its variables set a page size that is too large, even if its document is cached', async () => {
    await withItems(async (project) => {
      const text =
        'query ($n: Int) { items(first: $n) { nodes { items: box { items(first: $n) { nodes { name } } } } } }';
      const ask = (n: number) => project.ask(text, { variables: { n } });
      expect((await ask(2)).errors).toEqual([]);
      expect(await refusalOf(ask(2_000))).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect((await ask(2)).errors).toEqual([]);
    });
  });

  it('reports the path of an invalid variable', async () => {
    await withItems(async (project) => {
      const text = 'query ($where: ItemWhereInput!) { items(where: $where) { totalCount } }';
      const { data, errors } = await project.ask(text, {
        variables: { where: { size: { in: [1, 'x'] } } },
      });
      expect(data).toBeNull();
      expect(errors).toMatchObject([
        { code: 'BAD_USER_INPUT', issues: [{ path: ['where', 'size', 'in', 1] }] },
      ]);
      expect((await project.ask(text)).errors).toMatchObject([
        { code: 'BAD_USER_INPUT', issues: [{ path: ['where'] }] },
      ]);
    });
  });

  it('reports the path of an invalid argument', async () => {
    await withItems(async (project) => {
      const { data, errors } = await project.ask(
        '{ items(after: "nonsense") { totalCount nodes { name } } }',
      );
      expect({ data, errors }).toMatchObject({
        data: null,
        errors: [{ issues: [{ path: ['items', 'after'] }] }],
      });
    });
  });

  it('must identify the operation, and cannot run a mutation with GET', async () => {
    await withItems(async (project) => {
      const text =
        'query A { items { totalCount } } mutation B { deleteItem(where: { name: "a" }) { name } }';
      expect(await refusalOf(project.ask(text))).toMatchObject({ code: 'BAD_REQUEST' });
      expect(await refusalOf(project.ask(text, { operationName: 'C' }))).toMatchObject({
        code: 'BAD_REQUEST',
      });
      const get = { operationName: 'B', mayChange: false };
      expect(await refusalOf(project.ask(text, get))).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
      expect((await project.ask(text, { operationName: 'B' })).data).toEqual({
        deleteItem: { name: 'a' },
      });
      expect(await refusalOf(project.ask(text, get))).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
      expect((await project.ask(text, { operationName: 'A' })).data).toEqual({
        items: { totalCount: 2 },
      });
    });
  });

  it.each([
    'mutation { createItem(data: { name: "x" }) { id } }',
    'subscription { items { totalCount } }',
  ])('is rejected if the API has no operation of its type: %s', async (text) => {
    await kit.serve(sdl, async (project) => {
      const access = { ...everything, write: new Set<string>() };
      expect(await refusalOf(project.ask(text, { access }))).toMatchObject({
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
    });
  });
});

describe('introspection', () => {
  it('works together with data fields, fragments and directives', async () => {
    await withItems(async (project) => {
      const { data } = await project.ask(`
        query ($n: Boolean = true) {
          ...Schema
          a: __type(name: "Item") { name }
          items { totalCount }
          ... on Query { __schema { mutationType @include(if: $n) { name } } }
        }
        fragment Schema on Query { __schema { queryType { name } } items { totalCount } }`);
      expect(data).toEqual({
        __schema: { queryType: { name: 'Query' }, mutationType: { name: 'Mutation' } },
        items: { totalCount: 3 },
        a: { name: 'Item' },
      });
    });
  });

  it("uses each request's variables", async () => {
    await kit.serve(sdl, async (project) => {
      const text = 'query ($name: String!) { __type(name: $name) { name } }';
      for (const name of ['Item', 'Box', 'Item']) {
        expect((await project.ask(text, { variables: { name } })).data).toEqual({
          __type: { name },
        });
      }
    });
  });

  it('requires access to the schema, and so does the printed API', async () => {
    await kit.serve(sdl, async (project) => {
      expect((await project.ask(getIntrospectionQuery())).errors).toEqual([]);
      const printed = await kit.operations.printApi(project.snapshot(), {
        access: everything,
        subject: null,
      });
      expect(printed).toContain('type Item {');
      const access = { ...everything, introspect: false, rules: null };
      expect(
        await refusalOf(project.ask('{ __schema { queryType { name } } }', { access })),
      ).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
      const refused = refusalOf(
        kit.operations.printApi(project.snapshot(), { access, subject: null }),
      );
      expect(await refused).toMatchObject({ code: 'FORBIDDEN' });
    });
  });

  it('describes the whole API to a caller that can read the schema but no data', async () => {
    await kit.serve(sdl, async (project) => {
      const none = new Set<string>();
      const access = { read: none, write: none, introspect: true, rules: null };
      const snapshot = project.snapshot();
      expect(await kit.operations.printApi(snapshot, { access, subject: null })).toBe(
        await kit.operations.printApi(snapshot, { access: everything, subject: null }),
      );
      const query = getIntrospectionQuery();
      const asked = await project.ask(query, { access });
      expect(asked).toEqual(await project.ask(query));
      expect(asked.errors).toEqual([]);

      // It still cannot read or write data, also together with introspection.
      for (const text of [
        '{ items { totalCount } }',
        '{ __schema { queryType { name } } items { totalCount } }',
        '{ ...F __schema { queryType { name } } } fragment F on Query { items { totalCount } }',
        'mutation { createItem(data: { name: "x" }) { id } }',
        'mutation M { createItem(data: { name: "x" }) { id } } query Q { __schema { queryType { name } } }',
      ]) {
        const options = { access, ...(text.includes(' M ') ? { operationName: 'M' } : {}) };
        expect(await refusalOf(project.ask(text, options)), text).toMatchObject({
          code: 'GRAPHQL_VALIDATION_FAILED',
        });
      }
      const narrow = { ...access, read: new Set(['Item']) };
      expect(
        await kit.operations.printApi(snapshot, { access: narrow, subject: null }),
      ).not.toContain('type Mutation');
    });
  });

  it('is necessary for suggestions in error messages', async () => {
    await kit.serve(sdl, async (project) => {
      const messages = async (text: string, access = everything) => {
        const refused = (await refusalOf(project.ask(text, { access }))) as DocumentError;
        return refused.errors.map(({ message }) => message).join('\n');
      };
      const texts = [
        '{ itemz { totalCount } }',
        '{ items(wher: {}) { totalCount } }',
        '{ items { nodes { nam } } }',
        'query ($a: ItemWher) { items(where: $a) { totalCount } }',
        '{ items(where: { nam: { eq: "x" } }) { totalCount } }',
      ];
      for (const text of texts) {
        expect(await messages(text), text).toContain('Did you mean');
        const closed = await messages(text, { ...everything, introspect: false, rules: null });
        expect(closed, text).not.toBe('');
        expect(closed, text).not.toContain('Did you mean');
      }
    });
  });

  it('works before a schema is applied, while other queries report that there is no schema', async () => {
    await kit.serve('', async (project) => {
      expect((await project.ask('{ __schema { queryType { name } } }')).data).toEqual({
        __schema: { queryType: { name: 'Query' } },
      });
      const refused = await refusalOf(project.ask('{ items { totalCount } }'));
      expect(refused).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining('no schema yet') as string,
      });
    });
  });
});

describe('a mutation', () => {
  it('reports a database error and changes nothing', async () => {
    await withItems(async (project) => {
      const { data, errors } = await project.ask(
        'mutation { createItem(data: { name: "z" }) { id } b: createItem(data: { name: "a" }) { id } }',
      );
      expect({ data, errors }).toMatchObject({
        data: null,
        errors: [{ code: 'UNIQUE_VIOLATION', fields: ['name'], path: ['b'] }],
      });
      expect((await project.ask('{ items { totalCount } }')).data).toEqual({
        items: { totalCount: 3 },
      });
      expect(kit.refreshes()).toBe(0);
    });
  });
});
