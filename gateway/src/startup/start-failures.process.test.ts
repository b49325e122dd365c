import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../test/database.ts';
import { runGateway, startFailureOf, startGateway } from '../../test/process.ts';
import { signIn, signUp } from '../../test/sign-up.ts';

// Startup takes about a second, but much longer on a machine that runs other tests at the same time.
vi.setConfig({ testTimeout: 120_000 });

const database = useTestDatabase();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-start-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const newKeys = () => ({
  ACCESS_TOKEN_KEY: randomBytes(32).toString('base64'),
  REFRESH_TOKEN_KEY: randomBytes(32).toString('base64'),
  PASSWORD_PEPPER: randomBytes(32).toString('base64'),
});

const env = () => ({ DATABASE_URL: database.url, DATA_DIR: folder });

describe('a failure to start', () => {
  it('is one line of JSON for programs, also for an invalid configuration and a silent log', async () => {
    const ended = await runGateway({ env: { PORT: '0', LOG_LEVEL: 'silent' } });
    expect(ended.code).toBe(1);
    expect(ended.output.trim().split('\n')).toHaveLength(1);
    expect(startFailureOf(ended)).toContain('PORT is "0", but must be a whole number');
  });

  it('is text for people', async () => {
    const { code, output } = await runGateway({
      env: { LOG_FORMAT: 'pretty', LOG_LEVEL: 'verbose', BCRYPT_COST: '1' },
    });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The configuration is invalid:\n {2}- .*\n {2}- .*\nSee \.env\.example/,
    );
  });
});

describe('a data directory that cannot be written to', () => {
  it.skipIf(process.platform === 'win32')('fails the start and names the user', async () => {
    // Permissions do not restrict root, but no user can create files in /sys.
    const isRoot = process.getuid?.() === 0;
    const readOnly = isRoot ? '/sys' : join(folder, 'read-only');
    if (!isRoot) await mkdir(readOnly, { mode: 0o500 });
    const ended = await runGateway({ env: { ...env(), DATA_DIR: readOnly } });
    expect(ended.code).toBe(1);
    expect(startFailureOf(ended)).toMatch(
      /^The gateway cannot write to the folder .+: permission denied for the user \d+\. Change the owner|^The folder \/sys is read-only/,
    );
  });
});

describe('keys that the database was not used with', () => {
  it('fail the start, and the old keys still work', async () => {
    const old = { ...env(), ...newKeys() };
    const first = await startGateway({ env: old });
    await signUp(first.origin);
    await first.stop();

    const refused = await runGateway({ env: { ...old, ...newKeys() } });
    expect(refused.code).toBe(1);
    expect(startFailureOf(refused)).toContain(
      'The database was used with another ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY, PASSWORD_PEPPER.',
    );

    const restored = await startGateway({ env: old });
    await signIn(restored.origin);
    await restored.stop();
  });
});

describe('a wrong password for the database', () => {
  it('is explained as a new .env beside an old database', async () => {
    const role = `start_${randomBytes(4).toString('hex')}`;
    await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'first'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'second';
    try {
      const refused = await runGateway({ env: { ...env(), DATABASE_URL: url.href } });
      expect(startFailureOf(refused)).toMatch(
        new RegExp(`rejected the password of the user ${role} \\(28P01\\)\\. .* POSTGRES_PASSWORD`),
      );
    } finally {
      await database.pool.query(`DROP ROLE ${role}`);
    }
  });
});
