import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import {
  createProjectConnections,
  type ProjectConnections,
  type ProjectConnectionsOptions,
} from '../../src/data-plane/connections/project-connections.ts';
import type { StatementRunner } from '../../src/engine/sql/statement-runner.ts';
import type { TestDatabase } from '../database.ts';
import { textsOf } from './rows.ts';
import { createCanaryProjects, dropCanaryProjects, type CanaryProject } from './canary-projects.ts';

/** A signal that is never aborted. */
export const never = new AbortController().signal;
/** A statement that takes minutes and that every role can run. */
export const slow = `SELECT count(*)::text FROM generate_series(1, 2000) a, generate_series(1, 2000) b, generate_series(1, 2000) c`;
export const pid = 'SELECT pg_backend_pid()::text';

/** Returns the first column of the first row. */
export async function run(
  runner: StatementRunner,
  text: string,
  values: readonly (string | null)[] = [],
): Promise<string | null | undefined> {
  return textsOf(await runner.run({ text, values }))[0]?.[0];
}

export const ask = (
  connections: ProjectConnections,
  project: CanaryProject,
  text: string,
): Promise<string | null | undefined> =>
  connections.lease(project, never, (runner) => run(runner, text));

/** Returns the error code, or the error's name if there is no code. The code of an AbortError is 20. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    // All rejections are instances of Error.
    (error: unknown): unknown => Reflect.get(error as Error, 'code') ?? (error as Error).name,
  );

export interface ConnectionsKit {
  readonly projects: readonly CanaryProject[];
  /** The first two projects. */
  readonly pair: readonly [CanaryProject, CanaryProject];
  /** The errors that `onTrouble` received. */
  readonly troubles: readonly unknown[];
  /** Opens at most two connections by default. All are closed after the test. */
  readonly open: (options?: Partial<ProjectConnectionsOptions>) => ProjectConnections;
  /** Returns the pids of project backends that are running a statement. */
  readonly running: () => Promise<readonly number[]>;
  /** Waits until `count` backends are running `slow`. A backend that is starting is active too and does not count. */
  readonly untilRunning: (count: number) => Promise<void>;
}

/** Creates projects in `beforeAll`, and connections that are closed after each test. */
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

  const running = async (like = '%') => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE application_name = 'tessera-projects' AND state = 'active' AND datname = current_database()
         AND query LIKE $1`,
      [like],
    );
    return rows.map((row) => row.pid);
  };
  return {
    troubles,
    running: () => running(),
    get projects() {
      return projects;
    },
    get pair(): ConnectionsKit['pair'] {
      const [one, other] = projects;
      if (one === undefined || other === undefined)
        throw new Error('Projects are only available from beforeAll on.');
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
      vi.waitFor(async () => expect(await running('%generate_series%')).toHaveLength(count), {
        interval: 5,
      }),
  };
}
