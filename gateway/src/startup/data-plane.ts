import type { Config } from '../config.ts';
import { createDataPlanePorts } from '../control-plane/data-plane-ports.ts';
import type { Services } from '../control-plane/graphql/context.ts';
import type { ProjectConnections } from '../data-plane/connections/project-connections.ts';
import { createProjectRoles } from '../data-plane/projects/project-roles.ts';
import { createDataPlane, type DataPlane } from '../data-plane/data-plane.ts';
import { createEgressClient } from '../platform/egress/egress-client.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Platform } from './platform.ts';

export interface DataPlaneOptions {
  readonly config: Pick<Config, 'egressAllowPrivate'>;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  /** @default the system clock */
  readonly clock?: Clock;
}

/** Starts the data plane. */
export async function startDataPlane(
  { config, logger, lifecycle, clock = systemClock }: DataPlaneOptions,
  connections: ProjectConnections,
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
  const dataPlane = await lifecycle.start({
    name: 'data plane',
    start: () =>
      createDataPlane({
        ...ports,
        connections,
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
    stop: (started) => started.close(),
  });
  metrics.observePlans(() => dataPlane.stats());
  return dataPlane;
}
