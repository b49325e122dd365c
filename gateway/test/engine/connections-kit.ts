import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import {
  createProjectConnections,
  type ProjectConnections,
  type ProjectConnectionsOptions,
} from '../../src/data-plane/connections/project-connections.ts';
import type { StatementRunner } from '../../src/engine/sql/statement-runner.ts';
import type { TestDatabase } from '../database.ts';
import { createCanaryProjects, dropCanaryProjects, type CanaryProject } from './canary-projects.ts';

/** The signal of a client that stays. */
export const never = new AbortController().signal;
/** Takes minutes, and any role may run it. */
export const slow = `SELECT count(*)::text FROM generate_series(1, 2000) a, generate_series(1, 2000) b, generate_series(1, 2000) c`;
export const pid = 'SELECT pg_backend_pid()::text';

/** The first text that the statement answers. */
export async function run(
  runner: StatementRunner,
  text: string,
  values: readonly (string | null)[] = [],
): Promise<string | null | undefined> {
  return (await runner.run({ text, values }))[0]?.[0];
}

export const ask = (
  connections: ProjectConnections,
  project: CanaryProject,
  text: string,
): Promise<string | null | undefined> =>
  connections.lease(project, never, (runner) => run(runner, text));

/** The code of what it throws, or else its name; an AbortError has the code 20. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    // Everything thrown here is an error.
    (error: unknown): unknown => Reflect.get(error as Error, 'code') ?? (error as Error).name,
  );

export interface ConnectionsKit {
  readonly projects: readonly CanaryProject[];
  /** The first two of them. */
  readonly pair: readonly [CanaryProject, CanaryProject];
  /** What was told to `onTrouble`. */
  readonly troubles: readonly unknown[];
  /** Two connections unless told otherwise, closed after the test. */
  readonly open: (options?: Partial<ProjectConnectionsOptions>) => ProjectConnections;
  /** Backends of project connections that run a statement at this moment. */
  readonly running: () => Promise<readonly number[]>;
  readonly untilRunning: (count: number) => Promise<void>;
}

/** Projects for the test file, from `beforeAll` on, and connections for each test. */
export function useProjectConnections(database: TestDatabase, projectCount = 20): ConnectionsKit {
  const opened: ProjectConnections[] = [];
  const troubles: unknown[] = [];
  let projects: readonly CanaryProject[] = [];
  beforeAll(async () => {
    projects = await createCanaryProjects(database.pool, projectCount);
  });
  afterAll(() => dropCanaryProjects(database.pool, projects));
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(opened.splice(0).map((connections) => connections.close()));
  });

  const running = async () => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE application_name = 'tessera-projects' AND state = 'active' AND datname = current_database()`,
    );
    return rows.map((row) => row.pid);
  };
  return {
    troubles,
    running,
    get projects() {
      return projects;
    },
    get pair(): ConnectionsKit['pair'] {
      const [one, other] = projects;
      if (one === undefined || other === undefined)
        throw new Error('There are two from beforeAll on.');
      return [one, other];
    },
    open(options = {}) {
      const connections = createProjectConnections({
        connectionString: database.url,
        size: 2,
        onTrouble: (error) => troubles.push(error),
        ...options,
      });
      opened.push(connections);
      return connections;
    },
    untilRunning: (count) =>
      vi.waitFor(async () => expect(await running()).toHaveLength(count), { interval: 5 }),
  };
}
