import { z } from 'zod';
import {
  emailVerificationModes,
  registrationModes,
  type AccountPolicy,
} from './control-plane/account-policy.ts';
import type { Secret } from './platform/environment/secret.ts';
import {
  line,
  listOf,
  oneOf,
  origin,
  originList,
  secretKey,
  secretUrl,
  secretWord,
  wholeNumber,
  word,
} from './platform/environment/values.ts';
import { logLevels } from './platform/telemetry/logger.ts';

export const keyNames = ['ACCESS_TOKEN_KEY', 'REFRESH_TOKEN_KEY', 'PASSWORD_PEPPER'] as const;
export type KeyName = (typeof keyNames)[number];

/** All variables that the gateway reads. `.env.example` describes them. */
const environment = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  HOST: word().optional(),
  PORT: wholeNumber(1, 65_535).default(4000),
  PUBLIC_URL: origin().optional(),
  CORS_ORIGINS: originList().default([]),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 10).default(0),
  DATABASE_URL: secretUrl(['postgresql:', 'postgres:']).optional(),
  DATABASE_POOL_SIZE: wholeNumber(2, 1000).default(10),
  PROJECT_POOL_SIZE: wholeNumber(1, 1000).default(10),
  REDIS_URL: secretUrl(['redis:', 'rediss:']).optional(),
  DATA_DIR: line().default('.tessera'),
  ACCESS_TOKEN_KEY: secretKey().optional(),
  REFRESH_TOKEN_KEY: secretKey().optional(),
  PASSWORD_PEPPER: secretKey().optional(),
  ACCEPT_NEW_KEYS: listOf(keyNames).default([]),
  BCRYPT_COST: wholeNumber(4, 15).default(12),
  REGISTRATION: oneOf(registrationModes).default('open'),
  EMAIL_VERIFICATION: oneOf(emailVerificationModes).default('optional'),
  SIGN_IN_LIMIT_PER_MINUTE: wholeNumber(1, 100_000).default(10),
  REGISTER_LIMIT_PER_MINUTE: wholeNumber(1, 100_000).default(100),
  API_KEY_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000_000).default(600_000),
  MEMBER_LIMIT_PER_MINUTE: wholeNumber(1, 100_000_000).default(60_000),
  ANONYMOUS_LIMIT_PER_MINUTE: wholeNumber(1, 100_000_000).default(6_000),
  PROJECT_MAX_BYTES: wholeNumber(1_000_000, Number.MAX_SAFE_INTEGER).optional(),
  USER_MAX_ORGANIZATIONS: wholeNumber(1, 10_000).default(200),
  ORGANIZATION_MAX_PROJECTS: wholeNumber(1, 100_000).default(500),
  ORGANIZATION_MAX_INVITATIONS: wholeNumber(1, 10_000).default(100),
  PROJECT_MAX_KEYS: wholeNumber(1, 10_000).default(100),
  MAX_CONNECTIONS: wholeNumber(10, 1_000_000).default(10_000),
  SMTP_URL: secretUrl(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: line().optional(),
  LOG_LEVEL: oneOf(logLevels).default('info'),
  LOG_FORMAT: oneOf(['json', 'pretty']).optional(),
  METRICS_TOKEN: secretWord().optional(),
  EGRESS_ALLOW_PRIVATE: oneOf(['true', 'false']).default('false'),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 600).default(0),
  SHUTDOWN_TIMEOUT_SECONDS: wholeNumber(1, 600).default(20),
});

type Environment = z.output<typeof environment>;

export const variableNames: readonly string[] = Object.keys(environment.shape);

const requiredInProduction = ['DATABASE_URL', 'PUBLIC_URL', ...keyNames] as const;
const lowestCostInProduction = 10;

/** The gateway's configuration. Times are in milliseconds. Secret values are never printed. */
export interface Config {
  readonly mode: Environment['NODE_ENV'];
  readonly host: string;
  readonly port: number;
  /** The public origin, such as `https://tessera.example`. Links start with it. */
  readonly publicUrl: URL;
  readonly corsOrigins: readonly string[];
  /** The maximum number of open client connections. */
  readonly maxConnections: number;
  /** The number of trusted reverse proxies in front of the gateway, used to determine a client's address. */
  readonly trustedProxyHops: number;
  readonly database: {
    /** If null, the gateway runs an embedded PostgreSQL in the data directory. */
    readonly url: Secret<string> | null;
    readonly poolSize: number;
    /** The number of connections for projects' APIs. */
    readonly projectPoolSize: number;
  };
  /** If null, each process enforces rate limits separately, in memory. */
  readonly redisUrl: Secret<string> | null;
  /** The path as configured, relative to the project root. */
  readonly dataDirectory: string;
  /** If null (never in production), keys are generated at the first start and stored in the data directory. */
  readonly keys: {
    readonly accessToken: Secret<Uint8Array> | null;
    readonly refreshToken: Secret<Uint8Array> | null;
    readonly passwordPepper: Secret<Uint8Array> | null;
  };
  /** The keys that may differ from those of earlier starts. */
  readonly acceptedNewKeys: readonly KeyName[];
  readonly bcryptCost: number;
  readonly accountPolicy: AccountPolicy;
  readonly limits: {
    readonly signInPerMinute: number;
    readonly registerPerMinute: number;
    /** Units per minute of an API key without its own limit. */
    readonly apiKeyPerMinute: number;
    /** Units per minute of a member in each project, and of a user in the management API. */
    readonly memberPerMinute: number;
    /** Units per minute of a client network for requests to the management API without a credential. */
    readonly anonymousPerMinute: number;
    /** The maximum size of a project's tables in bytes. Null for no maximum. */
    readonly projectMaxBytes: number | null;
    readonly resources: {
      readonly organizationsPerUser: number;
      readonly projectsPerOrganization: number;
      readonly openInvitationsPerOrganization: number;
      readonly activeKeysPerProject: number;
    };
  };
  readonly mail: {
    /** If null, mail is written to files in the data directory. */
    readonly smtpUrl: Secret<string> | null;
    readonly from: string;
  };
  readonly log: {
    readonly level: Environment['LOG_LEVEL'];
    readonly format: 'json' | 'pretty';
  };
  /** If null, metrics are available only on the loopback interface. */
  readonly metricsToken: Secret<string> | null;
  /** Whether the gateway's own requests to configured URLs can use http and private addresses. Never in production. */
  readonly egressAllowPrivate: boolean;
  /** How long a stopping process still accepts requests, so that load balancers see that it is not ready. */
  readonly shutdownDelayMs: number;
  /** How long a stopping process waits for open requests after it has stopped accepting new ones. */
  readonly shutdownTimeoutMs: number;
}

/** All problems with the environment variables, in one message for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration is invalid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n` +
        'See .env.example for a description of each variable.',
    );
    this.problems = problems;
  }
}

/**
 * Reads the environment variables. An empty variable is treated as unset.
 * @param options.isTerminal whether logs are written to a terminal, which determines the default of LOG_FORMAT
 * @throws {ConfigError} if variables are missing or invalid. The message lists all of them and the expected values.
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly isTerminal?: boolean } = {},
): Config {
  const present = Object.fromEntries(
    variableNames.map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = environment.safeParse(present);
  const problems = [
    ...missingInProduction(present),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
    ...(parsed.success ? contradictions(parsed.data) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data, options.isTerminal ?? false);
}

/** Returns the log format for a failure to start, when the configuration may be invalid. */
export function logFormatOf(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Config['log']['format'] {
  const parsed = environment.shape.LOG_FORMAT.safeParse(env.LOG_FORMAT);
  return parsed.data ?? defaultLogFormat(isTerminal);
}

const defaultLogFormat = (isTerminal: boolean) => (isTerminal ? 'pretty' : 'json');

function missingInProduction(env: Readonly<Record<string, string | undefined>>): string[] {
  if (env.NODE_ENV !== 'production') return [];
  return requiredInProduction
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} is missing. It is required when NODE_ENV=production.`);
}

/** Returns the problems with variables that are valid individually but not in combination. */
function contradictions(env: Environment): string[] {
  const problems: string[] = [];
  if (env.NODE_ENV === 'production' && env.BCRYPT_COST < lowestCostInProduction) {
    problems.push(
      `BCRYPT_COST is ${env.BCRYPT_COST}, but must be at least ${lowestCostInProduction} when NODE_ENV=production.`,
    );
  }
  if (env.NODE_ENV === 'production' && env.EGRESS_ALLOW_PRIVATE === 'true') {
    problems.push(
      'EGRESS_ALLOW_PRIVATE is true, but must be false when NODE_ENV=production. Otherwise, projects could reach the private network of the gateway.',
    );
  }
  if (env.SMTP_URL !== undefined && env.MAIL_FROM === undefined) {
    problems.push(
      'MAIL_FROM is missing. It is required when SMTP_URL is set. Use an address such as tessera@example.org.',
    );
  }
  for (const [index, name] of keyNames.entries()) {
    const twin = keyNames.slice(0, index).find((other) => haveSameBytes(env[other], env[name]));
    if (twin !== undefined) problems.push(`${name} must differ from ${twin}.`);
  }
  return problems;
}

function haveSameBytes(a: Secret<Uint8Array> | undefined, b: Secret<Uint8Array> | undefined) {
  return a !== undefined && b !== undefined && Buffer.from(a.reveal()).equals(b.reveal());
}

function toConfig(env: Environment, isTerminal: boolean): Config {
  return {
    mode: env.NODE_ENV,
    host: env.HOST ?? (env.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ?? new URL(`http://localhost:${env.PORT}`),
    corsOrigins: env.CORS_ORIGINS,
    maxConnections: env.MAX_CONNECTIONS,
    trustedProxyHops: env.TRUSTED_PROXY_HOPS,
    database: {
      url: env.DATABASE_URL ?? null,
      poolSize: env.DATABASE_POOL_SIZE,
      projectPoolSize: env.PROJECT_POOL_SIZE,
    },
    redisUrl: env.REDIS_URL ?? null,
    dataDirectory: env.DATA_DIR,
    keys: {
      accessToken: env.ACCESS_TOKEN_KEY ?? null,
      refreshToken: env.REFRESH_TOKEN_KEY ?? null,
      passwordPepper: env.PASSWORD_PEPPER ?? null,
    },
    acceptedNewKeys: env.ACCEPT_NEW_KEYS,
    bcryptCost: env.BCRYPT_COST,
    accountPolicy: { registration: env.REGISTRATION, emailVerification: env.EMAIL_VERIFICATION },
    limits: {
      signInPerMinute: env.SIGN_IN_LIMIT_PER_MINUTE,
      registerPerMinute: env.REGISTER_LIMIT_PER_MINUTE,
      apiKeyPerMinute: env.API_KEY_LIMIT_PER_MINUTE,
      memberPerMinute: env.MEMBER_LIMIT_PER_MINUTE,
      anonymousPerMinute: env.ANONYMOUS_LIMIT_PER_MINUTE,
      projectMaxBytes: env.PROJECT_MAX_BYTES ?? null,
      resources: {
        organizationsPerUser: env.USER_MAX_ORGANIZATIONS,
        projectsPerOrganization: env.ORGANIZATION_MAX_PROJECTS,
        openInvitationsPerOrganization: env.ORGANIZATION_MAX_INVITATIONS,
        activeKeysPerProject: env.PROJECT_MAX_KEYS,
      },
    },
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM ?? 'Tessera <tessera@localhost>' },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT ?? defaultLogFormat(isTerminal) },
    metricsToken: env.METRICS_TOKEN ?? null,
    egressAllowPrivate: env.EGRESS_ALLOW_PRIVATE === 'true',
    shutdownDelayMs: env.SHUTDOWN_DELAY_SECONDS * 1000,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_SECONDS * 1000,
  };
}
