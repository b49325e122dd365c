import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, variableNames } from './config.ts';

const projectFile = (name: string) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const newKey = () => randomBytes(32).toString('base64');

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://tessera:hunter2-hunter2@db/tessera',
  PUBLIC_URL: 'https://tessera.example',
  ACCESS_TOKEN_KEY: newKey(),
  REFRESH_TOKEN_KEY: newKey(),
  PASSWORD_PEPPER: newKey(),
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('defaults', () => {
  it('requires no variables in development', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      mode: 'development',
      host: '127.0.0.1',
      port: 4000,
      database: { url: null, poolSize: 10 },
      redisUrl: null,
      dataDirectory: '.tessera',
      keys: { accessToken: null, refreshToken: null, passwordPepper: null },
      bcryptCost: 12,
      trustedProxyHops: 0,
      limits: { signInPerMinute: 10, registerPerMinute: 100 },
      metricsToken: null,
      egressAllowPrivate: false,
      acceptedNewKeys: [],
      shutdownDelayMs: 0,
      shutdownTimeoutMs: 20_000,
    });
    expect(config.publicUrl.href).toBe('http://localhost:4000/');
  });

  it('treats an empty variable as unset', () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, '']));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
  });

  it('listens on every interface in production', () => {
    expect(parseConfig(production).host).toBe('0.0.0.0');
    expect(parseConfig({ ...production, HOST: '::1' }).host).toBe('::1');
  });

  it('writes human-readable logs only to a terminal', () => {
    expect(parseConfig({}).log.format).toBe('json');
    expect(parseConfig({}, { isTerminal: true }).log.format).toBe('pretty');
    expect(parseConfig({ LOG_FORMAT: 'json' }, { isTerminal: true }).log.format).toBe('json');
  });

  it('uses the port in the default public URL', () => {
    expect(parseConfig({ PORT: '8080' }).publicUrl.href).toBe('http://localhost:8080/');
  });
});

describe('production', () => {
  const required = Object.keys(production).filter((name) => name !== 'NODE_ENV');

  it.each(required)('refuses to start without %s', (name) => {
    const problems = problemsOf({ ...production, [name]: undefined });
    expect(problems).toEqual([expect.stringContaining(`${name} is missing`)]);
  });

  it('reports all missing and invalid variables at once', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PORT: 'http' });
    for (const name of required) {
      expect(problems).toContainEqual(expect.stringContaining(`${name} is missing`));
    }
    expect(problems).toContainEqual(expect.stringContaining('PORT is "http"'));
    expect(problems).toHaveLength(required.length + 1);
  });

  it('rejects a bcrypt cost that is only suitable for tests', () => {
    expect(parseConfig({ BCRYPT_COST: '4' }).bcryptCost).toBe(4);
    expect(problemsOf({ ...production, BCRYPT_COST: '4' })).toEqual([
      expect.stringContaining('BCRYPT_COST is 4, but must be at least 10'),
    ]);
  });

  it('rejects requests to private addresses', () => {
    expect(parseConfig({ EGRESS_ALLOW_PRIVATE: 'true' }).egressAllowPrivate).toBe(true);
    expect(parseConfig({ ...production, EGRESS_ALLOW_PRIVATE: 'false' }).egressAllowPrivate).toBe(
      false,
    );
    expect(problemsOf({ ...production, EGRESS_ALLOW_PRIVATE: 'true' })).toEqual([
      expect.stringContaining('EGRESS_ALLOW_PRIVATE is true, but must be false'),
    ]);
  });

  it('rejects the same key for two purposes', () => {
    const env = { ...production, PASSWORD_PEPPER: production.ACCESS_TOKEN_KEY };
    expect(problemsOf(env)).toEqual(['PASSWORD_PEPPER must differ from ACCESS_TOKEN_KEY.']);
  });
});

describe('keys', () => {
  const bytes = randomBytes(32);

  it.each(['hex', 'base64', 'base64url'] as const)('reads 32 bytes as %s', (encoding) => {
    const key = parseConfig({ ACCESS_TOKEN_KEY: bytes.toString(encoding) }).keys.accessToken;
    expect(key?.reveal()).toEqual(new Uint8Array(bytes));
  });

  it.each(['password', 'not base64 at all, but it is long enough to be', 'ab'.repeat(31)])(
    'rejects %j',
    (text) => {
      const problems = problemsOf({ ACCESS_TOKEN_KEY: text });
      expect(problems).toEqual([expect.stringContaining('at least 32 random bytes')]);
      expect(problems.join()).not.toContain(text);
    },
  );
});

describe('values', () => {
  it('reads a list of keys, and rejects other words', () => {
    const list = (text: string) => parseConfig({ ACCEPT_NEW_KEYS: text }).acceptedNewKeys;
    expect(list('PASSWORD_PEPPER, ACCESS_TOKEN_KEY')).toEqual([
      'ACCESS_TOKEN_KEY',
      'PASSWORD_PEPPER',
    ]);
    expect(problemsOf({ ACCEPT_NEW_KEYS: 'PASSWORD_PEPPER,all' })).toEqual([
      'ACCEPT_NEW_KEYS is "PASSWORD_PEPPER,all", but must be a comma-separated list of ' +
        'ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY or PASSWORD_PEPPER.',
    ]);
  });

  it.each([
    ['NODE_ENV', 'prod'],
    ['HOST', 'two words'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '0x50'],
    ['PORT', ' 80'],
    ['PUBLIC_URL', 'tessera.example'],
    ['PUBLIC_URL', 'ftp://tessera.example'],
    ['PUBLIC_URL', 'https://tessera.example/below/a/path'],
    ['PUBLIC_URL', 'https://user:password@tessera.example'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example, null'],
    ['TRUSTED_PROXY_HOPS', '-1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_POOL_SIZE', '1.5'],
    ['REDIS_URL', 'localhost:6379'],
    ['DATA_DIR', 'two\nlines'],
    ['BCRYPT_COST', '3'],
    ['BCRYPT_COST', '16'],
    ['SMTP_URL', 'http://mail.example'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_FORMAT', 'xml'],
    ['METRICS_TOKEN', 'short'],
    ['EGRESS_ALLOW_PRIVATE', 'yes'],
    ['SHUTDOWN_TIMEOUT_SECONDS', '0'],
  ])('rejects %s=%j and names the variable', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name} `)]);
  });

  it('normalizes origins to the form that browsers send', () => {
    const { corsOrigins } = parseConfig({
      CORS_ORIGINS: 'https://A.example:443/, http://b.example,',
    });
    expect(corsOrigins).toEqual(['https://a.example', 'http://b.example']);
  });

  it('requires a sender for SMTP', () => {
    const env = { SMTP_URL: 'smtp://mail.example' };
    expect(problemsOf(env)).toEqual([expect.stringContaining('MAIL_FROM is missing')]);
    expect(problemsOf({ ...env, MAIL_FROM: 'Tessera <t@example.org>' })).toEqual([]);
  });
});

describe('secrets', () => {
  const secrets = {
    ...production,
    REDIS_URL: 'redis://:hunter3-hunter3@cache',
    SMTP_URL: 'smtp://me:hunter4-hunter4@mail',
    MAIL_FROM: 'tessera@example.org',
    METRICS_TOKEN: 'hunter5-hunter5-hunter5',
  };

  it('are never shown when the configuration is printed', () => {
    const config = parseConfig(secrets);
    const printed = `${inspect(config, { depth: 9, showHidden: true })} ${JSON.stringify(config)}`;
    expect(printed).not.toMatch(/hunter\d/);
    for (const key of [config.keys.accessToken, config.keys.refreshToken]) {
      expect(printed).not.toContain(Buffer.from(key?.reveal() ?? []).toString('base64'));
      expect(String(key)).toBe('[secret]');
    }
    expect(config.database.url?.reveal()).toBe(secrets.DATABASE_URL);
  });

  it('are never repeated in an error', () => {
    const broken = Object.fromEntries(
      ['DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'METRICS_TOKEN', 'PASSWORD_PEPPER'].map((name) => [
        name,
        'hunter2 hunter2',
      ]),
    );
    const problems = problemsOf(broken);
    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('.env.example', () => {
  const example = projectFile('.env.example');
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
  const compose = new Set(
    [...projectFile('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]),
  );

  it('lists exactly the variables that the gateway and docker compose read', () => {
    expect(named.toSorted()).toEqual([...new Set([...variableNames, ...compose])].toSorted());
  });

  it('has a comment for each variable', () => {
    for (const name of named) {
      expect(example, `comment above ${name ?? ''}`).toMatch(
        new RegExp(`^# .+\\n${name ?? ''}=`, 'm'),
      );
    }
  });

  it('is valid without changes', () => {
    const values: Record<string, string> = {};
    for (const [, name = '', value = ''] of example.matchAll(/^([A-Z_]+)=(.*)$/gm)) {
      values[name] = value;
    }
    expect(parseConfig(values)).toEqual(parseConfig({}));
  });
});
