import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ApiAccess } from '../../src/engine/api/access.ts';
import {
  createProjectConnections,
  type ProjectConnections,
} from '../../src/data-plane/connections/project-connections.ts';
import {
  createProjectEngine,
  type ProjectEngine,
} from '../../src/data-plane/operations/project-engine.ts';
import type { Model } from '../../src/engine/schema.ts';
import type { TestDatabase } from '../database.ts';
import { withProject, type EngineProject } from './project.ts';

export const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true };

/** A project whose schema the engine knows as it was when `tell` was last called, or it asked anew. */
export interface ServedProject extends EngineProject {
  /** Applies a schema; the engine is not told. */
  deploy(sdl: string): Promise<void>;
  tell(): void;
  ask(query: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly access?: ApiAccess;
  readonly mayChange?: boolean;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly data: unknown;
  readonly errors: readonly unknown[];
}

export interface EngineKit {
  readonly engine: ProjectEngine;
  readonly connections: ProjectConnections;
  /** How often the engine asked for a project's schema anew. */
  readonly refreshes: () => number;
  /** Gives `work` a project with this schema; none for an empty text. */
  serve<T>(sdl: string, work: (project: ServedProject) => Promise<T>): Promise<T>;
}

interface Snapshot {
  readonly version: number;
  readonly model: Model;
}

const noModel: Model = { types: [], enums: [], relations: [] };

/** An engine for the test file, on connections of its own. */
export function useProjectEngine(database: TestDatabase): EngineKit {
  const known = new Map<string, Snapshot>();
  const current = new Map<string, Snapshot>();
  const deploys = new Map<string, Promise<void>>();
  let refreshes = 0;
  let connections: ProjectConnections | null = null;
  let engine: ProjectEngine | null = null;
  beforeAll(() => {
    connections = createProjectConnections({
      connectionString: database.url,
      size: 4,
      onTrouble: () => undefined,
    });
    engine = createProjectEngine({
      connections,
      now: Date.now,
      snapshots: {
        get: (ref) => known.get(ref) ?? null,
        refresh: async (ref) => {
          refreshes += 1;
          // Tables and version change in one moment for who asks the database.
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
    const { ref } = project.names;
    return Object.assign(Object.create(project) as EngineProject, {
      async deploy(sdl: string) {
        const version = (current.get(ref)?.version ?? 0) + 1;
        const deploy = project.apply(sdl).then(() => {
          current.set(ref, { version, model: project.model ?? noModel });
        });
        deploys.set(ref, deploy);
        await deploy;
      },
      tell() {
        const snapshot = current.get(ref) ?? { version: 0, model: noModel };
        current.set(ref, snapshot);
        known.set(ref, snapshot);
      },
      async ask(query: string, options: AskOptions = {}) {
        const { data, errors } = await ready(engine).execute({
          ref,
          query,
          access: options.access ?? everything,
          operationName: options.operationName ?? null,
          variables: options.variables ?? {},
          mayChange: options.mayChange ?? true,
          signal: options.signal ?? new AbortController().signal,
        });
        const parsed: unknown = data === null ? null : JSON.parse(data);
        return { data: parsed, errors };
      },
    });
  };
  return {
    get engine() {
      return ready(engine);
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
  if (part === null) throw new Error('The engine is there from beforeAll on.');
  return part;
}
