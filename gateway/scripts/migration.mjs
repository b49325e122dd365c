// @ts-check
// npm run migration -- <name>: writes the next migration from the differences between schema.prisma and the existing
// migrations. Review it before you commit it, and add SQL that Prisma cannot express.
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { openSchemaEngine } from './schema-engine.ts';

const root = join(import.meta.dirname, '../..');
const migrationsDirectory = join(root, 'prisma/migrations');

await main(process.argv[2]);

/** @param {string | undefined} name */
async function main(name) {
  if (name === undefined || !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) {
    console.error('Usage: npm run migration -- <name> (for example add_webhooks)');
    process.exitCode = 2;
    return;
  }
  const sql = await withPostgres(difference);
  if (sql === '') {
    console.log('The migrations already match schema.prisma.');
    return;
  }
  const directory = join(migrationsDirectory, `${await nextNumber()}_${name}`);
  await mkdir(directory);
  await writeFile(join(directory, 'migration.sql'), `${sql}\n`);
  console.log(
    `Wrote ${relative(process.cwd(), directory)}/migration.sql. Review it before you commit it.`,
  );
}

/** @param {string} databaseUrl */
async function difference(databaseUrl) {
  const engine = await openSchemaEngine({
    databaseUrl,
    shadowUrl: databaseUrl,
    schema: await readFile(join(root, 'prisma/schema.prisma'), 'utf8'),
    migrationsDirectory,
  });
  try {
    return await engine.nextMigration();
  } finally {
    await engine.close();
  }
}

/**
 * Runs `work` with a temporary, empty database.
 *
 * @param {(url: string) => Promise<string>} work
 */
async function withPostgres(work) {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-migration-'));
  // If root runs this script, PostgreSQL runs as another user, which must be able to traverse the folder.
  await chmod(directory, 0o711);
  try {
    const postgres = await startEmbeddedPostgres({
      directory,
      logger: pino({ level: 'warn' }),
      temporary: true,
      settings: { fsync: 'off' },
    });
    try {
      return await work(postgres.url);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Returns the next migration's number, such as `0002`. */
async function nextNumber() {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const numbers = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => Number.parseInt(entry.name, 10));
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}
