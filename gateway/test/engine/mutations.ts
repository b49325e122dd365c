import { randomUUID } from 'node:crypto';
import { getVariableValues, parse, validate } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { ApiAccess } from '../../src/engine/api/access.ts';
import { buildApi } from '../../src/engine/api/build-api.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { operationOf } from '../../src/engine/queries/selection.ts';
import { compileOperation } from '../../src/engine/queries/operation.ts';
import type { MutationPlan } from '../../src/engine/queries/plan.ts';
import type { Variables } from '../../src/engine/queries/plan.ts';
import { parameterText } from '../../src/data-plane/connections/wire/encode.ts';
import type { BoundStatement, StatementRunner } from '../../src/engine/sql/statement-runner.ts';
import { runMutation } from '../../src/engine/mutations/run-mutation.ts';
import { createNewValues, type NewValues } from '../../src/engine/mutations/new-values.ts';
import { profileOf, subjectVariables, type Subject } from '../../src/engine/rules/subject.ts';
import { applyPlan } from './apply-plan.ts';
import { createProjectSchema, dropProjectSchema } from '../../src/data-plane/schema.ts';
import { planMigration, projectNames, type ProjectNames } from '../../src/engine/migrations.ts';
import type { TestDatabase } from '../database.ts';
import { readModel } from './project.ts';
import { rowsOf } from './rows.ts';

/** Access to everything. */
export const fullAccess: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };

/** A connection that uses a project's role and records the statements that it runs. */
export interface RecordingRunner extends StatementRunner {
  readonly statements: BoundStatement[];
  readonly client: pg.Client;
}

/** A project's tables, and functions that run mutations with the project's role. */
export interface MutationProject {
  readonly names: ProjectNames;
  readonly api: ProjectApi;
  /** The first connection. */
  readonly runner: RecordingRunner;
  /** Opens another connection, which is closed after the tests. */
  readonly connect: () => Promise<RecordingRunner>;
  /** Runs a mutation and returns its `data`. */
  readonly mutate: (
    text: string,
    variables?: Variables,
    options?: MutateOptions,
  ) => Promise<unknown>;
  /** Runs SQL as the tables' owner, with the project's schema first in the search path. */
  readonly sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Truncates every table. */
  readonly clear: () => Promise<void>;
}

export interface MutateOptions {
  readonly runner?: StatementRunner;
  readonly newValues?: NewValues;
  readonly access?: ApiAccess;
  /** The caller, if access rules apply to it. */
  readonly as?: Subject;
}

/** Creates a project with this schema for a test file. It is available from `beforeAll` on. */
export function useMutations(database: TestDatabase, sdl: string): () => MutationProject {
  let project: MutationProject | null = null;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    project = await makeProject(database, sdl, clients);
  });
  afterAll(async () => {
    const names = project?.names;
    await Promise.all(clients.map((client) => client.end()));
    if (names === undefined) return;
    const owner = await database.pool.connect();
    try {
      await dropProjectSchema(owner, names);
    } finally {
      owner.release();
    }
  });
  return () => {
    if (project === null) throw new Error('The project is only available from beforeAll on.');
    return project;
  };
}

async function makeProject(
  database: TestDatabase,
  sdl: string,
  clients: pg.Client[],
): Promise<MutationProject> {
  const names = projectNames(randomUUID().replaceAll('-', '').slice(0, 16));
  const model = readModel(sdl);
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url });
    clients.push(client);
    await client.connect();
    await client.query(`SET search_path = "${names.schema}"; SET TimeZone = 'UTC'`);
    return client;
  };
  const owner = await open();
  await createProjectSchema(owner, names);
  const plan = planMigration(null, model, { project: names, baseVersion: 0 });
  await applyPlan(owner, plan, { check: nothing, record: nothing });
  const connect = async (): Promise<RecordingRunner> => {
    const client = await open();
    await client.query(`SET ROLE "${names.role}"`);
    return recordingRunner(client);
  };
  const api = buildApi(model, fullAccess);
  const runner = await connect();
  const newValues = createNewValues(Date.now);
  const tables = [
    ...model.types.map(({ table }) => table),
    ...model.relations.flatMap((each) => (each.kind === 'JOIN_TABLE' ? [each.table] : [])),
  ];
  return {
    names,
    api,
    runner,
    connect,
    async mutate(text, variables = {}, options = {}) {
      const { as, access = fullAccess } = options;
      const rules = as === undefined ? null : profileOf(model, as);
      const used =
        rules === null && access === fullAccess ? api : buildApi(model, { ...access, rules });
      const { plan, variables: given } = compileMutation(used, text, variables);
      const coerced = as === undefined ? given : { ...given, ...subjectVariables(model, as) };
      const environment = {
        api: used,
        schema: names.schema,
        withRunner: <T>(_: string, work: (used: StatementRunner) => Promise<T>) =>
          work(options.runner ?? runner),
        newValues: options.newValues ?? newValues,
        introspect: () => '{"introspected":true}',
      };
      return JSON.parse(String(await runMutation(plan, coerced, environment))) as unknown;
    },
    sql: async (text, values) =>
      (await owner.query<Record<string, unknown>>(text, values ?? [])).rows,
    clear: async () => {
      await owner.query(`TRUNCATE ${tables.map((table) => pg.escapeIdentifier(table)).join()}`);
    },
  };
}

/** Compiles a mutation and coerces its variables. @throws Error if the mutation is not valid in the API */
function compileMutation(
  api: ProjectApi,
  text: string,
  given: Variables,
): { readonly plan: MutationPlan; readonly variables: Variables } {
  const document = parse(text);
  const errors = validate(api.schema, document);
  const definitions = operationOf(document, null).variableDefinitions ?? [];
  const { coerced: variables, errors: wrong } = getVariableValues(api.schema, definitions, given);
  if (variables === undefined || errors.length > 0) throw new Error((wrong ?? errors).join());
  const plan = compileOperation({ api, document, operationName: null, variables });
  if (plan.kind !== 'MUTATION') throw new Error('The operation is not a mutation.');
  return { plan, variables };
}

function recordingRunner(client: pg.Client): RecordingRunner {
  const statements: BoundStatement[] = [];
  return {
    client,
    statements,
    async run(statement) {
      statements.push(statement);
      const { rows } = await client.query<(string | null)[]>({
        text: statement.text,
        values: statement.values.map(parameterText),
        rowMode: 'array',
        types: { getTypeParser: () => (text: string | null) => text },
      });
      return rowsOf(rows);
    },
  };
}

async function nothing(): Promise<void> {
  // This test has nothing to check or record.
}
