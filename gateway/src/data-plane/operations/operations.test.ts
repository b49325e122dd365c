import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';

import { projectNames } from '../../engine/migrations.ts';
import { Canceller } from '../../platform/cancellation.ts';
import type { ComputeTasks, RawRequest } from '../compute/tasks.ts';
import { createProjectConnections } from '../connections/project-connections.ts';
import { projectSchema } from '../projects/project-schema.ts';
import { createOperations } from './operations.ts';
import { createAnswerBudget } from '../../platform/answer-budget.ts';

const access = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;
const names = projectNames('a'.repeat(16));
const sdl = 'type Item @model { id: ID! @id  name: String! }';
const longText = `# ${'.'.repeat(12_000)}`;

/** Operations with a compute thread that only counts its tasks. No test runs a statement. */
function open() {
  const tasks: string[] = [];
  const outputs: { readonly [Name in keyof ComputeTasks]: ComputeTasks[Name]['output'] } = {
    operation: {
      kind: 'FAILED',
      type: 'query',
      hasRun: false,
      units: 0,
      error: { kind: 'REQUEST', code: 'BAD_REQUEST', message: 'from the thread', headers: {} },
    },
    printApi: 'from the thread',
    explain: { type: null, data: null, error: null, rules: [] },
    readUserSchema: { type: null, uniqueFields: [], claims: [] },
    readRights: { ok: false, diagnostics: [] },
    planSchema: { ok: false, diagnostics: [] },
  };
  const operations = createOperations({
    connections: createProjectConnections({
      connectionString: 'postgres://127.0.0.1:1/none',
      size: 1,
      onTrouble: () => undefined,
    }),
    snapshots: { refresh: () => Promise.resolve(null) },
    roles: { restore: () => Promise.reject(new Error('No statement runs.')) },
    now: Date.now,
    compute: {
      run: (task) => {
        tasks.push(task);
        return Promise.resolve(outputs[task]);
      },
      stats: () => ({ busy: 0, waiting: 0 }),
      close: () => Promise.resolve(),
    },
  });
  const project = (text: string) => ({
    ref: names.ref,
    names,
    version: 1,
    schema: projectSchema(text),
  });
  return {
    tasks,
    print: (text: string) => operations.printApi(project(text), { access, subject: null }),
    ask: (request: string | RawRequest, text = sdl) =>
      operations.execute({
        project: project(text),
        access,
        subject: null,
        request:
          typeof request === 'string'
            ? {
                query: request,
                operationName: null,
                variables: {},
                extensions: {},
                mayChange: true,
              }
            : request,
        charge: () => undefined,
        memory: createAnswerBudget().open(names.ref),
        signal: new Canceller(),
      }),
  };
}

describe('the main thread', () => {
  it('prepares short documents of small schemas', async () => {
    const { ask, tasks } = open();
    const { data } = await ask('{ __typename }');
    expect(String(data)).toBe('{"__typename":"Query"}');
    expect(tasks).toEqual([]);
  });

  it.each([
    ['introspection', getIntrospectionQuery(), sdl],
    ['a long document', `{ __typename } # ${'x'.repeat(6_000)}`, sdl],
    ['a document of a large schema', '{ __typename }', `${sdl} ${longText}`],
    ['a large body', { body: Buffer.from('{') }, sdl],
  ])('does not prepare %s', async (_what, request, schema) => {
    const { ask, tasks } = open();
    const { errors } = await ask(request, schema);
    expect(errors).toMatchObject([{ message: 'from the thread' }]);
    expect(tasks).toEqual(['operation']);
  });

  it('runs the operations of a large schema that is in use', async () => {
    const { ask, tasks } = open();
    const large = `${sdl} ${longText}`;
    for (let requests = 0; requests < 20; requests += 1) await ask('{ __typename }', large);
    expect(tasks).toHaveLength(20);
    const { data } = await ask('{ __typename }', large);
    expect(String(data)).toBe('{"__typename":"Query"}');
    expect(tasks).toHaveLength(20);
  });

  it('prepares no new documents for a project that has used its share, but runs those that it knows', async () => {
    const { ask, tasks } = open();
    await ask('{ known: __typename }');
    let documents = 0;
    // Each document takes some milliseconds, of a burst of 100.
    while (tasks.length === 0 && documents < 5_000) {
      documents += 1;
      const fields = Array.from({ length: 200 }, (_, i) => `a${documents}x${i}: __typename`);
      await ask(`{ ${fields.join(' ')} }`);
    }
    expect(tasks).toEqual(['operation']);
    expect(String((await ask('{ known: __typename }')).data)).toBe('{"known":"Query"}');
    expect(tasks).toHaveLength(1);
  });

  it('prints only small APIs', async () => {
    const { print, tasks } = open();
    expect(await print(sdl)).toContain('type Item');
    expect(await print(`${sdl} ${longText}`)).toBe('from the thread');
    expect(tasks).toEqual(['printApi']);
  });
});
