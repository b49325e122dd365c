import { describe, expect, it } from 'vitest';

import { projectNames } from '../../engine/migrations.ts';
import type { ApiAccess } from '../../engine/runtime.ts';
import { createAnswerBudget } from '../../platform/answer-budget.ts';
import { Canceller } from '../../platform/cancellation.ts';
import { createTaskHandlers } from '../compute/tasks.ts';
import { createProjectConnections } from '../connections/project-connections.ts';
import { projectSchema } from '../projects/project-schema.ts';
import { createOperations } from './operations.ts';

const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };
const names = projectNames('a'.repeat(16));
const sdl = `
  type Item @model @live { id: ID! @id  name: String!  parts: [Part!]! }
  type Part @model { id: ID! @id  name: String!  item: Item! }`;

/** Operations that run no statement. The main thread has time for them while `isIdle` is true. */
function open(text = sdl) {
  const main = { isIdle: true };
  const operations = createOperations({
    connections: createProjectConnections({
      connectionString: 'postgres://127.0.0.1:1/none',
      size: 1,
      onTrouble: () => undefined,
    }),
    snapshots: { refresh: () => Promise.resolve(null) },
    roles: { restore: () => Promise.reject(new Error('No statement runs.')) },
    now: Date.now,
    compute: null,
    budget: { isOpen: () => main.isIdle, spend: () => undefined },
  });
  const project = { ref: names.ref, names, version: 1, schema: projectSchema(text) };
  const request = (query: string, variables = {}, operationName: string | null = null) => ({
    query,
    operationName,
    variables,
    extensions: {},
    mayChange: true,
  });
  const caller = { access: everything, subject: null };
  return {
    main,
    select: (...given: Parameters<typeof request>) =>
      operations.selectSubscription({ project, ...caller, request: request(...given) }),
    execute: (query: string) =>
      operations.execute({
        project,
        ...caller,
        request: request(query),
        charge: () => undefined,
        signal: new Canceller(),
        memory: createAnswerBudget().open(names.ref),
      }),
    onThread: (query: string) =>
      createTaskHandlers().operation(
        { schema: project.schema, names, ...caller, request: request(query), isFull: false },
        () => Promise.reject(new Error('No question is asked.')),
      ),
  };
}

describe('a subscription', () => {
  it('is selected with its cost and prepared with its values', () => {
    const { select } = open();
    const query =
      'subscription ($n: Int, $id: ID) { found: items(first: $n, where: { id: { eq: $id } }) { nodes { name } totalCount } }';
    const selected = select(query, { n: 100, id: '00000000-0000-7000-8000-0000000000A1' });
    expect(selected?.units).toBe(1);
    const prepared = selected?.prepare();
    expect(prepared?.plan.kind).toBe('LIVE_QUERY');
    expect(prepared?.around).toEqual(['{"found":', '}']);
    expect(prepared?.values).toContain('00000000-0000-7000-8000-0000000000a1');
    expect(prepared?.values).toContain(100);
    const other = select(query, { n: 5, id: '00000000-0000-7000-8000-0000000000a2' })?.prepare();
    expect(other?.plan).toBe(prepared?.plan);
    expect(other?.values).not.toEqual(prepared?.values);
    expect(() => select(query, { n: 5 })?.prepare()).toThrow('The variable for eq has no value.');
  });

  it('costs as much as the query', () => {
    const { select } = open();
    const nested = 'parts(first: 100) { nodes { item { name } } }';
    expect(
      select(`subscription { items(first: 100) { nodes { ${nested} } } }`)?.units,
    ).toBeGreaterThan(10);
  });

  it('is refused if it reads a model that is not live', () => {
    const { select } = open();
    const selected = select('subscription { items { nodes { all: parts { nodes { name } } } } }');
    expect(() => selected?.prepare()).toThrow(
      expect.objectContaining({
        code: 'NOT_LIVE',
        message:
          'items.nodes.all reads Part, which does not have @live, so that its changes are not noticed. Leave it out, or add @live to the model.',
      }),
    );
    const filtered = select(
      'subscription ($w: ItemWhereInput) { x: items(where: $w) { nodes { name } } }',
      { w: { not: { parts: { some: { name: { eq: 'a' } } } } } },
    );
    expect(() => filtered?.prepare()).toThrow('x.where.not.parts');
    // A stream of changes sends nothing for changes of other models.
    const changes = select('subscription { itemChanges { node { parts { nodes { name } } } } }');
    expect(changes?.prepare().plan.kind).toBe('CHANGES');
  });

  it('must be short, because it is prepared on the main thread', () => {
    const { select } = open();
    const long = `# ${'.'.repeat(6_000)}\n`;
    expect(() => select(`${long} subscription { items { totalCount } }`)).toThrow(
      expect.objectContaining({ code: 'QUERY_TOO_LARGE' }),
    );
    expect(select(`${long} { items { totalCount } }`)).toBeNull();
  });

  it('is prepared later if the main thread is busy, unless its plan is known', () => {
    const { main, select } = open();
    const query = 'subscription ($n: Int) { items(first: $n) { totalCount } }';
    select(query, { n: 1 })?.prepare();
    main.isIdle = false;
    expect(select(query, { n: 1 })?.prepare().plan.kind).toBe('LIVE_QUERY');
    expect(() => select(query)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    expect(select('{ items { totalCount } }')).toBeNull();
  });

  it('is not selected if another operation of the document is', () => {
    const { select } = open();
    const text = 'query Q { items { totalCount } } subscription S { items { totalCount } }';
    expect(select(text, {}, 'Q')).toBeNull();
    expect(select(text, {}, 'S')).not.toBeNull();
    expect(() => select(text)).toThrow('several operations');
  });

  it.each(['execute', 'onThread'] as const)('cannot run as a request: %s', async (how) => {
    const run = open()[how]('subscription { items { totalCount } }');
    const failure = await Promise.resolve(run).then(
      (output) => ('error' in output ? output.error : output),
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'BAD_REQUEST' });
    expect(failure).toMatchObject({
      message: expect.stringContaining('text/event-stream') as string,
    });
  });

  it('does not exist if no model is live', () => {
    const { select } = open('type A @model { id: ID! @id }');
    expect(() => select('subscription { as { totalCount } }')).toThrow(
      'This caller has no subscriptions: it can read no model that has @live.',
    );
  });

  it('of a project without a schema says so', () => {
    const { select } = open('');
    expect(() => select('subscription { as { totalCount } }')).toThrow();
  });
});
