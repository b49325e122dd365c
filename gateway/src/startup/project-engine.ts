import type { Config } from '../config.ts';
import {
  createProjectConnections,
  type ProjectConnections,
} from '../data-plane/connections/project-connections.ts';
import {
  createProjectEngine,
  type ProjectEngine,
} from '../data-plane/operations/project-engine.ts';
import type { Services } from '../control-plane/graphql/context.ts';
import { systemClock } from '../platform/clock.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import type { Storage } from './storage.ts';

export interface ProjectEngineOptions {
  readonly config: Pick<Config, 'database'>;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** What runs projects' own APIs, on connections of their own. */
export async function startProjectEngine(
  { config, logger, lifecycle }: ProjectEngineOptions,
  { connectionString }: Pick<Storage, 'connectionString'>,
  { projectApis }: Pick<Services, 'projectApis'>,
  metrics: Metrics,
): Promise<ProjectEngine> {
  const connections = await lifecycle.start({
    name: 'project connections',
    start: () =>
      createProjectConnections({
        connectionString,
        size: config.database.projectPoolSize,
        onTrouble: (error) => {
          logger.warn({ err: error }, 'PostgreSQL took no connection for a project');
        },
      }),
    stop: (started) => started.close(),
  });
  const engine = createProjectEngine({
    connections,
    snapshots: projectApis.snapshots,
    now: () => systemClock().getTime(),
  });
  metrics.observePool('projects', poolOf(connections));
  metrics.observePlans(() => engine.stats());
  return engine;
}

function poolOf(connections: ProjectConnections) {
  return {
    get totalCount() {
      const { busy, idle } = connections.stats();
      return busy + idle;
    },
    get idleCount() {
      return connections.stats().idle;
    },
    get waitingCount() {
      return connections.stats().waiting;
    },
  };
}
