import { createAnswerBudget } from '../src/platform/answer-budget.ts';
import { createProjectConnections } from '../src/data-plane/connections/project-connections.ts';
import { createOperations } from '../src/data-plane/operations/operations.ts';
import type { ProjectSchema } from '../src/data-plane/projects/project-schema.ts';
import { projectNames } from '../src/engine/migrations.ts';
import type { TestApp } from './app.ts';
import type { Ask } from './project-asks.ts';
import type { TestProject } from './project-api.ts';

type Named = Pick<TestProject, 'ref'>;

/** Returns all of a project's rows, and the positions of its sequences, so that changes can be detected. */
export async function contentOf(app: TestApp, { ref }: Named): Promise<unknown> {
  const { schema } = projectNames(ref);
  const { pool } = app.database;
  const { rows } = await pool.query<{ name: string; sequence: boolean }>(
    `SELECT relname AS name, relkind = 'S' AS sequence FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'S') ORDER BY 1`,
    [`"${schema}"`],
  );
  return Promise.all(
    rows.map(async ({ name, sequence }) => {
      const columns = sequence ? 'last_value, is_called' : '*';
      const content = await pool.query(
        `SELECT to_jsonb(t) AS row FROM (SELECT ${columns} FROM "${schema}"."${name}") t ORDER BY to_jsonb(t)::text`,
      );
      return [name, content.rows];
    }),
  );
}

export const codesOf = ({ errors = [] }: Awaited<ReturnType<TestProject['ask']>>) =>
  errors.map(({ extensions }) => extensions?.['code']);

const everything = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;

interface Trespass {
  readonly schema: ProjectSchema;
  /** The project whose role the connection has. */
  readonly own: Named;
  /** The project whose schema the statements use. */
  readonly foreign: Named;
  readonly asks: readonly Ask[];
}

/**
 * Runs operations on another project's tables, without the gateway's own checks.
 * @returns the names of the operations that returned data, and the number of those that PostgreSQL rejected
 */
export async function trespass(
  app: TestApp,
  { schema, own, foreign, asks }: Trespass,
): Promise<{ readonly answered: readonly string[]; readonly refused: number }> {
  const connections = createProjectConnections({
    connectionString: app.database.url,
    size: 2,
    onTrouble: () => undefined,
  });
  const project = { ref: foreign.ref, names: projectNames(foreign.ref), version: 1, schema };
  const { role } = projectNames(own.ref);
  const operations = createOperations({
    connections: {
      ...connections,
      // The statements use the other project's schema, but the connection has this project's role.
      lease: (names, signal, work) => connections.lease({ ...names, role }, signal, work),
      run: (names, statement, signal) => connections.run({ ...names, role }, statement, signal),
    },
    snapshots: { refresh: () => Promise.resolve(project) },
    roles: { restore: () => Promise.resolve() },
    now: Date.now,
    compute: null,
  });
  const { signal } = new AbortController();
  const memory = createAnswerBudget().open(project.ref);
  const answered: string[] = [];
  let refused = 0;
  try {
    for (const { name, query, variables } of asks) {
      const request = { query, variables, operationName: null, extensions: {}, mayChange: true };
      const { data, errors } = await operations
        .execute({
          project,
          access: everything,
          subject: null,
          request,
          charge: () => undefined,
          signal,
          memory,
        })
        .catch((error: unknown) => ({ data: null, errors: [error] }));
      if (data !== null) answered.push(name);
      if (sqlStateOf(errors[0]) === insufficientPrivilege) refused += 1;
    }
  } finally {
    await connections.close();
  }
  return { answered, refused };
}

const insufficientPrivilege = '42501';

function sqlStateOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof Error && origin.cause !== undefined) origin = origin.cause;
  return origin instanceof Error && 'code' in origin ? origin.code : null;
}
