import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeProjectOf, register } from '../bench/project-api/project.ts';
import { useTestDatabase } from '../test/database.ts';
import { followThroughKills, killSdl } from '../test/live/kills.ts';
import { startGateway, type GatewayProcess } from '../test/process.ts';

vi.setConfig({ testTimeout: 240_000 });

const database = useTestDatabase();
const kills = 3;
let folder: string;
let gateway: GatewayProcess | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-kills-'));
  await chmod(folder, 0o711);
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a stream of changes loses nothing when gateways are killed while others write', async () => {
  const env = { DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'info' };
  gateway = await startGateway({ env });
  const project = await makeProjectOf(gateway.origin, await register(gateway.origin), killSdl);
  const { gateway: last, ...outcome } = await followThroughKills({ env, gateway, project, kills });
  gateway = last;
  expect(outcome).toMatchObject({ lost: [], wentBack: 0 });
  expect(outcome.reconnects).toBeGreaterThanOrEqual(kills);
  expect(outcome.writes.byApi).toBeGreaterThan(20);
  expect(outcome.writes.bySql).toBeGreaterThan(20);
  expect(outcome.rows).toBeGreaterThan(20);
});
