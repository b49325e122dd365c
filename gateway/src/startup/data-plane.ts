import type { Config } from '../config.ts';
import { createDataPlanePorts } from '../control-plane/data-plane-ports.ts';
import type { Services } from '../control-plane/graphql/context.ts';
import {
  createProjectConnections,
  type ProjectConnections,
} from '../data-plane/connections/project-connections.ts';
import { createProjectRoles } from '../data-plane/projects/project-roles.ts';
import { createDataPlane, type DataPlane } from '../data-plane/data-plane.ts';
import { createEgressClient } from '../platform/egress/egress-client.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Platform } from './platform.ts';
import type { Storage } from './storage.ts';

export interface DataPlaneOptions {
  readonly config: Pick<Config, 'database' | 'egressAllowPrivate'>;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  /** @default the system clock */
  readonly clock?: Clock;
}

/** Starts the data plane. Its connections are separate from the control plane's. */
export async function startDataPlane(
  { config, logger, lifecycle, clock = systemClock }: DataPlaneOptions,
  { connectionString }: Pick<Storage, 'connectionString'>,
  {
    database,
    pubsub,
    metrics,
    compute,
  }: Pick<Platform, 'database' | 'pubsub' | 'metrics' | 'compute'>,
  services: Pick<Services, 'apiKeys' | 'audit' | 'sessions' | 'storage'>,
): Promise<DataPlane> {
  const ports = createDataPlanePorts({ db: database.prisma, clock, ...services });
  const roles = createProjectRoles({ client: database.pool, logger });
  const { connections, dataPlane } = await lifecycle.start({
    name: 'project connections',
    start: () => {
      const opened = createProjectConnections({
        connectionString,
        size: config.database.projectPoolSize,
        onTrouble: (error) => {
          logger.warn({ err: error }, 'Could not connect to PostgreSQL for a project');
        },
      });
      return {
        connections: opened,
        dataPlane: createDataPlane({
          ...ports,
          connections: opened,
          isFull: (ref) => services.storage.isFull(ref),
          roles,
          pubsub,
          clock,
          compute,
          egress: createEgressClient({ allowPrivate: config.egressAllowPrivate }),
          logger,
          onTokenCheck: (check) => metrics.countTokenCheck(check),
          onKeyFetch: (outcome) => metrics.issuerKeyFetches.inc({ outcome }),
        }),
      };
    },
    stop: (started) => {
      started.dataPlane.close();
      return started.connections.close();
    },
  });
  metrics.observePool('projects', poolOf(connections));
  metrics.observePlans(() => dataPlane.stats());
  return dataPlane;
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
