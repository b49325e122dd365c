import { pino } from 'pino';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ApiAccess } from '../../src/engine/api/access.ts';
import type { Subject } from '../../src/engine/rules/subject.ts';
import {
  createProjectConnections,
  type ProjectConnections,
} from '../../src/data-plane/connections/project-connections.ts';
import { createProjectRoles } from '../../src/data-plane/projects/project-roles.ts';
import { createOperations, type Operations } from '../../src/data-plane/operations/operations.ts';
import type { Compute } from '../../src/data-plane/compute/tasks.ts';
import { noSchema, projectSchema } from '../../src/data-plane/projects/project-schema.ts';
import type { ProjectSnapshot } from '../../src/data-plane/projects/project-snapshots.ts';
import { createAnswerBudget, type AnswerMemory } from '../../src/platform/answer-budget.ts';
import type { TestDatabase } from '../database.ts';
import { withProject, type EngineProject } from './project.ts';

export const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };

/** A project whose requests use the schema from the last call to `tell` or the last refresh. */
export interface ServedProject extends EngineProject {
  /** Applies a schema without updating the snapshot that requests use. */
  deploy(sdl: string): Promise<void>;
  tell(): void;
  /** Returns the snapshot that requests use. */
  snapshot(): ProjectSnapshot;
  ask(query: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly access?: ApiAccess;
  /** The caller to whom access rules apply. @default none */
  readonly subject?: Subject;
  readonly mayChange?: boolean;
  readonly signal?: AbortSignal;
  /** The memory for the answer. @default a new budget */
  readonly memory?: AnswerMemory;
}

export interface Answer {
  readonly data: unknown;
  readonly errors: readonly unknown[];
}

export interface OperationsKit {
  readonly operations: Operations;
  readonly connections: ProjectConnections;
  /** Returns the number of refreshes. */
  readonly refreshes: () => number;
  /** Creates a project that has this schema and passes it to `work`. An empty string means no schema. */
  serve<T>(sdl: string, work: (project: ServedProject) => Promise<T>): Promise<T>;
}

/**
 * Creates operations for the test file. They use separate connections.
 * @param compute by default, everything runs on the main thread
 */
export function useOperations(
  database: TestDatabase,
  compute: Compute | null = null,
): OperationsKit {
  const known = new Map<string, ProjectSnapshot>();
  const current = new Map<string, ProjectSnapshot>();
  const deploys = new Map<string, Promise<void>>();
  let refreshes = 0;
  let connections: ProjectConnections | null = null;
  let operations: Operations | null = null;
  beforeAll(() => {
    connections = createProjectConnections({
      connectionString: database.url,
      size: 4,
      onTrouble: () => undefined,
    });
    operations = createOperations({
      connections,
      now: Date.now,
      compute,
      largeApis: { mayBuild: () => false },
      roles: createProjectRoles({ client: database.pool, logger: pino({ level: 'silent' }) }),
      snapshots: {
        refresh: async (ref) => {
          refreshes += 1;
          // A deployment changes the tables and the version in one transaction, so a refresh waits for it.
          await deploys.get(ref);
          const snapshot = current.get(ref) ?? null;
          if (snapshot !== null) known.set(ref, snapshot);
          return snapshot;
        },
      },
    });
  });
  afterEach(() => (refreshes = 0));
  afterAll(() => connections?.close());

  const served = (project: EngineProject): ServedProject => {
    const { names } = project;
    const { ref } = names;
    const snapshot = () => ready(known.get(ref) ?? null);
    return Object.assign(Object.create(project) as EngineProject, {
      async deploy(sdl: string) {
        const version = (current.get(ref)?.version ?? 0) + 1;
        const deploy = project.apply(sdl).then(() => {
          current.set(ref, { ref, names, version, schema: projectSchema(sdl) });
        });
        deploys.set(ref, deploy);
        await deploy;
      },
      tell() {
        const snapshot = current.get(ref) ?? { ref, names, version: 0, schema: noSchema };
        current.set(ref, snapshot);
        known.set(ref, snapshot);
      },
      snapshot,
      async ask(query: string, options: AskOptions = {}) {
        const { data, errors } = await ready(operations).execute({
          project: snapshot(),
          access: options.access ?? everything,
          subject: options.subject ?? null,
          request: {
            query,
            operationName: options.operationName ?? null,
            variables: options.variables ?? {},
            extensions: {},
            mayChange: options.mayChange ?? true,
          },
          charge: () => undefined,
          signal: options.signal ?? new AbortController().signal,
          memory: options.memory ?? createAnswerBudget().open(ref),
        });
        const parsed: unknown = data === null ? null : JSON.parse(String(data));
        return { data: parsed, errors };
      },
    });
  };
  return {
    get operations() {
      return ready(operations);
    },
    get connections() {
      return ready(connections);
    },
    refreshes: () => refreshes,
    serve: (sdl, work) =>
      withProject(database.pool, async (project) => {
        const own = served(project);
        if (sdl !== '') await own.deploy(sdl);
        own.tell();
        return work(own);
      }),
  };
}

function ready<T>(part: T | null): T {
  if (part === null) throw new Error('This value is only available from beforeAll on.');
  return part;
}
