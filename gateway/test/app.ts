import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino, type Logger } from 'pino';
import { afterAll, beforeAll } from 'vitest';

import { createApp, type App } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { systemClock, type Clock } from '../src/platform/clock.ts';
import {
  createAccessTokens,
  type AccessTokens,
} from '../src/control-plane/sessions/access-tokens.ts';
import type { Db } from '../src/platform/db/database.ts';
import { createLifecycle } from '../src/platform/lifecycle/lifecycle.ts';
import { listen } from '../src/platform/lifecycle/http-listener.ts';
import { startDataPlane } from '../src/startup/data-plane.ts';
import { startProjectConnections } from '../src/startup/project-connections.ts';
import { startPlatform } from '../src/startup/platform.ts';
import { startServices, tokenNames } from '../src/startup/start-gateway.ts';
import type { Storage } from '../src/startup/storage.ts';
import { useTestDatabase, type TestDatabase } from './database.ts';
import { projectRoot } from './process.ts';
import { testBcryptCost } from './sign-in-kit.ts';
import type { SeededTenant, SeededUser } from './tenant.ts';

const key = new Uint8Array(32).fill(9);
const silent = pino({ level: 'silent' });

export interface GraphqlBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface TestResponse {
  readonly status: number;
  /** One `name: value` line per header. */
  readonly headers: string;
  readonly text: string;
  readonly body: GraphqlBody;
}

/** The whole gateway. It listens on a real socket and uses the test file's own database. */
export interface TestApp {
  readonly url: string;
  readonly db: Db;
  readonly database: TestDatabase;
  /** The folder to which mail is written as files. */
  readonly mailDirectory: string;
  /** Sends an operation to the management API. @param credential an access token or an API key */
  graphql(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    credential?: string | null,
  ): Promise<TestResponse>;
  /** Measures the size of projects, which a gateway does in the background. */
  measureStorage(): Promise<void>;
  accessTokenFor(user: SeededUser): Promise<string>;
  /** Returns all of a tenant's rows, so that changes can be detected. */
  snapshotOf(tenant: SeededTenant): Promise<unknown>;
}

export interface AppOptions {
  /**
   * Returns the folder that contains the console build. Called once before the start. If omitted, no console is served.
   */
  readonly consoleDirectory?: () => Promise<string>;
  /** Whether links and endpoints contain the app's real address instead of a placeholder. */
  readonly linksToItself?: boolean;
  /** The clock that the services use. */
  readonly clock?: Clock;
  /** The gateway's log. @default nothing is logged */
  readonly logger?: Logger;
  /** Variables that replace those of the test kit. */
  readonly env?: Readonly<Record<string, string>>;
}

interface RunningApp {
  readonly port: number;
  readonly accessTokens: AccessTokens;
  readonly mailDirectory: string;
  measureStorage(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the gateway before the tests in the file and stops it after them. */
export function useApp(options: AppOptions = {}): TestApp {
  const database = useTestDatabase();
  let running: RunningApp | null = null;
  beforeAll(async () => {
    running = await start(database.url, options);
  });
  afterAll(() => running?.stop());
  const ready = (): RunningApp => {
    if (running === null) throw new Error('The app is only available from beforeAll on.');
    return running;
  };
  const app: TestApp = {
    database,
    get db() {
      return database.prisma;
    },
    get url() {
      return `http://127.0.0.1:${ready().port}`;
    },
    get mailDirectory() {
      return ready().mailDirectory;
    },
    graphql: (query, variables = {}, credential = null) =>
      post(`${app.url}/graphql`, { query, variables }, credential),
    measureStorage: () => ready().measureStorage(),
    accessTokenFor: async (user) => (await ready().accessTokens.issue(user)).token,
    snapshotOf: (tenant) => snapshotOf(database.prisma, tenant),
  };
  return app;
}

/** Starts the gateway like `startGateway`, but uses an existing, migrated database and any free port. */
async function start(
  databaseUrl: string,
  {
    consoleDirectory,
    linksToItself = false,
    clock = systemClock,
    logger = silent,
    env = {},
  }: AppOptions,
): Promise<RunningApp> {
  let app: App | null = null;
  // The listener starts first because its port is part of the configuration.
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => app?.handle(request, response),
  });
  const mailDirectory = await mkdtemp(join(tmpdir(), 'tessera-mail-'));
  const config = parseConfig({
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: linksToItself ? `http://127.0.0.1:${listener.port}` : 'http://tessera.test',
    BCRYPT_COST: String(testBcryptCost),
    SIGN_IN_LIMIT_PER_MINUTE: '10000',
    REGISTER_LIMIT_PER_MINUTE: '10000',
    ...env,
  });
  const lifecycle = createLifecycle({ logger });
  const storage: Storage = {
    connectionString: databaseUrl,
    databasePath: null,
    mailDirectory,
    migrationsDirectory: join(projectRoot, 'prisma/migrations'),
    keys: { accessToken: key, refreshToken: key, passwordPepper: key },
  };
  const platform = await startPlatform({ config, logger, lifecycle, storage });
  const options = { config, logger, lifecycle, clock };
  const connections = await startProjectConnections(options, storage, platform);
  const services = await startServices(options, storage, { ...platform, connections });
  const dataPlane = await startDataPlane(options, connections, platform, services);
  const { migrationsDirectory } = storage;
  app = createApp({
    config,
    logger,
    migrationsDirectory,
    consoleDirectory: (await consoleDirectory?.()) ?? '/nowhere/console',
    docsDirectory: '/nowhere/docs',
    services,
    dataPlane,
    ...platform,
  });
  await lifecycle.start({
    name: 'http',
    start: () => listener,
    stop: async (listening) => {
      await listening.drain(5_000);
    },
  });
  return {
    port: listener.port,
    mailDirectory,
    measureStorage: () => services.storage.runRound(),
    accessTokens: createAccessTokens({ key, ...tokenNames, clock }),
    async stop() {
      await lifecycle.stop();
      await rm(mailDirectory, { recursive: true, force: true });
    },
  };
}

async function post(
  url: string,
  payload: unknown,
  credential: string | null,
): Promise<TestResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'),
    text,
    // Every GraphQL over HTTP response has this shape.
    body: JSON.parse(text) as GraphqlBody,
  };
}

async function snapshotOf(db: Db, tenant: SeededTenant): Promise<unknown> {
  const { organizationId } = tenant;
  const userIds = Object.values(tenant.users).map((user) => user.userId);
  return {
    organization: await db.organization.findUnique({ where: { id: organizationId } }),
    memberships: await db.membership.findMany({
      where: { organizationId },
      orderBy: { id: 'asc' },
    }),
    invitations: await db.invitation.findMany({
      where: { organizationId },
      orderBy: { id: 'asc' },
    }),
    projects: await db.project.findMany({ where: { organizationId }, orderBy: { id: 'asc' } }),
    accessSettings: await db.projectAccessSettings.findMany({
      where: { project: { organizationId } },
      orderBy: { projectId: 'asc' },
    }),
    apiKeys: await db.apiKey.findMany({
      where: { project: { organizationId } },
      orderBy: { id: 'asc' },
    }),
    schemaVersions: await db.schemaVersion.findMany({
      where: { project: { organizationId } },
      orderBy: { id: 'asc' },
    }),
    auditEntries: await db.auditEntry.findMany({
      where: { organizationId },
      orderBy: { id: 'asc' },
    }),
    users: await db.user.findMany({ where: { id: { in: userIds } }, orderBy: { id: 'asc' } }),
    sessions: await db.session.findMany({
      where: { userId: { in: userIds } },
      orderBy: { id: 'asc' },
    }),
  };
}
