// The gateway, PostgreSQL, the projects and the subscribers that all parts of the benchmark use.
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { pino } from 'pino';

import { callManagementApi, succeeded, type Failure } from '../../scripts/lib/management-api.mjs';
import { projectNames } from '../../src/engine/migrations.ts';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded-postgres.ts';
import { freePort } from '../../test/process.ts';
import { createKeys, startGateway, type Gateway } from '../project-api/gateway.ts';
import { makeProjectOf, register, type BenchProject } from '../project-api/project.ts';
import { startClients, type Clients } from './clients.ts';
import { openInspector, type Inspector } from './inspector.ts';

/** The size of the pool for projects' APIs, which is the default. */
const poolSize = 10;
const audience = 'https://api.example';

export interface World {
  readonly databaseUrl: string;
  /** The process id of PostgreSQL's postmaster. */
  readonly postmaster: number;
  readonly clients: Clients;
  /** Starts a gateway without subscribers. The one before is stopped. */
  start(): Promise<RunningGateway>;
  /** Creates a project, which exists for the rest of the benchmark. The gateway that runs can be used. */
  createProject(sdl: string, fill: readonly string[]): Promise<BenchProject>;
  /** A connection whose search path is the schema of the project. */
  connect(project: BenchProject): Promise<pg.Client>;
  /** Signs tokens that the project trusts. */
  trust(project: BenchProject): Promise<(user: string) => Promise<string>>;
  /** The last error in the log of the gateway. */
  lastError(): string | null;
  stop(): Promise<void>;
}

export interface RunningGateway extends Gateway {
  readonly inspector: Inspector;
}

export async function createWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
  // When root runs the benchmark, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(directory, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    logger: pino({ level: 'error' }),
    temporary: true,
    settings: { max_wal_size: '4GB', checkpoint_timeout: '1h', shared_buffers: '512MB' },
  });
  const postmaster = parseInt(await readFile(join(postgres.dataPath, 'postmaster.pid'), 'utf8'));
  const issuer = await startIssuer();
  const clients = startClients();
  const keys = createKeys();
  let running: RunningGateway | null = null;
  let owner: string | null = null;

  const stopGateway = async () => {
    running?.inspector.close();
    await running?.stop();
    running = null;
  };
  const start = async (): Promise<RunningGateway> => {
    await stopGateway();
    const port = await freePort();
    const gateway = await startGateway({
      databaseUrl: postgres.url,
      connections: poolSize,
      directory: join(directory, 'gateway'),
      keys,
      env: {
        NODE_ENV: 'development',
        EGRESS_ALLOW_PRIVATE: 'true',
        MAX_CONNECTIONS: '30000',
        LOG_LEVEL: 'warn',
      },
      nodeOptions: [`--inspect-port=127.0.0.1:${port}`],
    });
    running = { ...gateway, inspector: await openInspector(gateway.pid, port) };
    return running;
  };
  const connect = async ({ ref }: BenchProject): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`SET search_path = ${client.escapeIdentifier(projectNames(ref).schema)}`);
    return client;
  };
  const administer = async () => {
    const { origin } = running ?? (await start());
    owner ??= await register(origin);
    return { origin, owner };
  };

  return {
    databaseUrl: postgres.url,
    postmaster,
    clients,
    start,
    connect,
    async createProject(sdl, fill) {
      const { origin, owner: account } = await administer();
      const project = await makeProjectOf(origin, account, sdl);
      const client = await connect(project);
      for (const statement of fill) await client.query(statement);
      await client.query('VACUUM (ANALYZE)');
      await client.end();
      return project;
    },
    async trust({ ref }) {
      const { origin, owner: account } = await administer();
      const { setTrustedIssuers } = await callManagementApi<{ setTrustedIssuers: Failure }>(
        origin,
        account,
        `mutation ($ref: ID!, $issuer: String!, $audience: String!, $jwksUrl: String!) {
          setTrustedIssuers(input: {
            projectRef: $ref
            issuers: [{ issuer: $issuer, audience: $audience, jwksUrl: $jwksUrl, userClaim: "sub", userField: "id" }]
          }) {
            ... on Error { code message }
          }
        }`,
        { ref, issuer: issuer.origin, audience, jwksUrl: `${issuer.origin}/keys` },
      );
      succeeded(setTrustedIssuers);
      return issuer.sign;
    },
    lastError: () => running?.lastError() ?? null,
    async stop() {
      await clients.stop();
      await stopGateway();
      issuer.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Starts an issuer of user tokens. */
async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256', use: 'sig' };
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with that port.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (user: string) =>
    new SignJWT({ sub: user })
      .setProtectedHeader({ alg: 'ES256', kid: 'key' })
      .setIssuer(origin)
      .setAudience(audience)
      .setExpirationTime('2h')
      .sign(privateKey);
  return { origin, sign, stop: () => server.close() };
}
