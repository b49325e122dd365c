import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createApp, type App } from '../app.ts';
import type { Services } from '../control-plane/graphql/context.ts';
import {
  createRightsReader,
  createSchemaPlanner,
  createUserSchemas,
} from '../data-plane/schema.ts';
import type { ProjectConnections } from '../data-plane/connections/project-connections.ts';
import { createAccessExplainer } from '../data-plane/explain/access-explainer.ts';
import { createServices } from '../control-plane/services.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { createAccessTokens } from '../control-plane/sessions/access-tokens.ts';
import { createPasswordHasher } from '../platform/crypto/password-hasher.ts';
import { listen, type HttpListener } from '../platform/lifecycle/http-listener.ts';
import type { Announcement } from './announcement.ts';
import { startDataPlane } from './data-plane.ts';
import { startPlatform, type Platform } from './platform.ts';
import { startProjectConnections } from './project-connections.ts';
import { startRoleRestoration } from './project-roles.ts';
import { explainListenError } from './start-error.ts';
import { openStorage, type Storage, type StorageOptions } from './storage.ts';
import { createMails, createRemoval } from './tasks.ts';

export type GatewayOptions = StorageOptions;

/**
 * Starts all parts of the gateway, from the database to the HTTP port. `lifecycle` stops the started parts in reverse
 * order, even if a later part fails to start.
 * @throws an error that `startFailureMessage` explains, or an unexpected error
 */
export async function startGateway(options: GatewayOptions): Promise<Announcement> {
  const { config, logger, lifecycle } = options;
  const storage = await openStorage(options);
  const platform = await startPlatform({ ...options, storage });
  const connections = await startProjectConnections(options, storage, platform);
  const services = await startServices(options, storage, { ...platform, connections });
  services.storage.start();
  platform.metrics.observeStorage(() => services.storage.stats());
  const dataPlane = await startDataPlane(options, connections, platform, services);
  await startRoleRestoration({ pool: platform.schemaDatabase.pool, logger, lifecycle });
  const { migrationsDirectory } = storage;
  const app = createApp({
    config,
    logger,
    migrationsDirectory,
    consoleDirectory: join(options.root, 'dist/console'),
    docsDirectory: join(options.root, 'dist/docs'),
    services,
    dataPlane,
    ...platform,
  });
  await startServing(options, app);
  return {
    publicUrl: config.publicUrl,
    databasePath: storage.databasePath,
    mailDirectory: config.mail.smtpUrl === null ? storage.mailDirectory : null,
  };
}

/** The same on every instance of every installation. Each installation signs its tokens with its own key. */
export const tokenNames = { issuer: 'tessera', audience: 'tessera-management-api' } as const;

export interface ServicesOptions extends Pick<GatewayOptions, 'config' | 'lifecycle' | 'logger'> {
  /** @default the system clock */
  readonly clock?: Clock;
}

/** Starts all features' services on a running platform. */
export function startServices(
  { config, lifecycle, logger, clock = systemClock }: ServicesOptions,
  { keys }: Pick<Storage, 'keys'>,
  parts: Platform & { readonly connections: ProjectConnections },
): Promise<Services> {
  const { database, schemaDatabase, jobs, pubsub, fieldLimits, compute } = parts;
  const { accountPolicy, bcryptCost: cost, limits, publicUrl } = config;
  return lifecycle.start({
    name: 'services',
    start: () =>
      createServices({
        db: database.prisma,
        schemaDb: schemaDatabase.prisma,
        schemaPool: schemaDatabase.pool,
        pubsub,
        fieldLimits,
        passwords: createPasswordHasher({ pepper: keys.passwordPepper, cost }),
        accessTokens: createAccessTokens({
          key: keys.accessToken,
          ...tokenNames,
          clock,
        }),
        refreshTokenKey: keys.refreshToken,
        mails: createMails(jobs),
        removal: createRemoval(jobs),
        publicUrl,
        accountPolicy,
        limits,
        clock,
        logger,
        planSchema: createSchemaPlanner(compute),
        readRights: createRightsReader(compute),
        userSchemas: createUserSchemas(compute),
        explainAccess: createAccessExplainer(parts),
        egressAllowPrivate: config.egressAllowPrivate,
      }),
    stop: async ({ sessions, apiKeys, usage, storage }) => {
      await storage.close();
      sessions.close();
      apiKeys.close();
      await usage.close();
    },
  });
}

function startServing(options: GatewayOptions, app: App): Promise<HttpListener> {
  const { config, lifecycle, logger } = options;
  const { host, port, maxConnections, trustedProxyHops, shutdownDelayMs, shutdownTimeoutMs } =
    config;
  return lifecycle.start({
    name: 'http',
    start: async () => {
      try {
        return await listen({
          host,
          port,
          maxConnections,
          // Behind a proxy, all connections come from the proxy's address.
          ...(trustedProxyHops === 0 ? { maxPerNetwork: Math.ceil(maxConnections / 2) } : {}),
          handle: (request, response) => app.handle(request, response),
        });
      } catch (error) {
        throw explainListenError(error, host, port);
      }
    },
    stop: async (listener) => {
      app.setDraining();
      listener.closeConnections();
      if (shutdownDelayMs > 0) await wait(shutdownDelayMs);
      const cut = await listener.drain(shutdownTimeoutMs);
      if (cut > 0)
        logger.warn({ cut }, 'Aborted requests that did not finish before the shutdown timeout');
    },
    stopTimeoutMs: shutdownDelayMs + shutdownTimeoutMs + 5_000,
  });
}
