import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bundleGateway } from '../scripts/lib/bundle.mjs';
import { useTestDatabase } from '../test/database.ts';
import { inheritedEnv, projectRoot, startGateway } from '../test/process.ts';

vi.setConfig({ testTimeout: 120_000 });

const database = useTestDatabase();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-stop-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Copies the build, with a gateway that never finishes loading. */
async function endlesslyLoading(): Promise<string> {
  await bundleGateway();
  const dist = join(folder, 'dist/gateway');
  await mkdir(dist, { recursive: true });
  await cp(join(projectRoot, 'dist/gateway'), dist, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(dist, 'run-gateway.js'),
    `setInterval(() => {}, 60_000); console.log('loading'); await new Promise(() => {});`,
  );
  return join(dist, 'main.js');
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'exits with 0 on %s while it is loading',
  async (signal) => {
    const child = spawn(process.execPath, [await endlesslyLoading()], {
      env: inheritedEnv(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    // Without a handler, the exit code would be null, and process 1 of a container would ignore the signal.
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
);

it('accepts requests for SHUTDOWN_DELAY_SECONDS after it reports that it is not ready', async () => {
  const gateway = await startGateway({
    env: {
      DATABASE_URL: database.url,
      DATA_DIR: join(folder, 'data'),
      SHUTDOWN_DELAY_SECONDS: '5',
    },
  });
  gateway.kill('SIGTERM');
  await gateway.written(/SIGTERM: stopping/);
  const ready = await fetch(`${gateway.origin}/readyz`);
  expect(ready.status).toBe(503);
  expect(ready.headers.get('connection')).toBe('close');
  expect(await ready.json()).toMatchObject({ error: { message: 'The server is shutting down.' } });
  expect((await fetch(`${gateway.origin}/healthz`)).status).toBe(200);
  const { code, output } = await gateway.ended;
  expect(code).toBe(0);
  expect(output).toContain('shutdown: http stopped');
  await expect(fetch(`${gateway.origin}/healthz`)).rejects.toThrow('fetch failed');
});
