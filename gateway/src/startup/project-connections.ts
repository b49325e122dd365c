import type { Config } from '../config.ts';
import {
  createProjectConnections,
  type ProjectConnections,
} from '../data-plane/connections/project-connections.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Platform } from './platform.ts';
import type { Storage } from './storage.ts';

export interface ProjectConnectionsOptions {
  readonly config: Pick<Config, 'database'>;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** Prepares the connections for operations on projects. They are separate from the control plane's. */
export function startProjectConnections(
  { config, logger, lifecycle }: ProjectConnectionsOptions,
  { connectionString }: Pick<Storage, 'connectionString'>,
  { metrics }: Pick<Platform, 'metrics'>,
): Promise<ProjectConnections> {
  return lifecycle.start({
    name: 'project connections',
    start: () => {
      const connections = createProjectConnections({
        connectionString,
        size: config.database.projectPoolSize,
        onTrouble: (error) => {
          logger.warn({ err: error }, 'Could not connect to PostgreSQL for a project');
        },
      });
      metrics.observePool('projects', poolOf(connections));
      return connections;
    },
    stop: (connections) => connections.close(),
  });
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
