import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSchemaEngine } from '../../../scripts/schema-engine.ts';
import { createEmptyDatabase } from '../../../test/database.ts';
import { MigrationError } from './migration-files.ts';
import { applyMigrations, pendingMigrations } from './migrations.ts';

const logger = pino({ level: 'silent' });
const shipped = join(import.meta.dirname, '../../../../prisma/migrations');
const schemaPath = join(import.meta.dirname, '../../../../prisma/schema.prisma');

let directory: string;
let url: string;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tessera-migrations-'));
  url = await emptyDatabase();
  cleanUps.push(() => rm(directory, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function emptyDatabase(): Promise<string> {
  const database = await createEmptyDatabase();
  cleanUps.push(() => database.drop());
  return database.url;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  cleanUps.push(() => client.end());
  return client;
}

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

const apply = (from = directory) =>
  applyMigrations({ connectionString: url, directory: from, logger });

const engineFor = async (schema: string) => {
  const engine = await openSchemaEngine({
    databaseUrl: url,
    shadowUrl: await emptyDatabase(),
    schema,
    migrationsDirectory: shipped,
  });
  cleanUps.push(() => engine.close());
  return engine;
};

describe('the migrations', () => {
  it('match schema.prisma', async () => {
    const engine = await engineFor(await readFile(schemaPath, 'utf8'));
    expect(await engine.nextMigration()).toBe('');
  });

  it.each([
    ['a column', /^ {2}slug +String +@unique$/m, '$&\n  motto String?', 'ADD COLUMN     "motto"'],
    [
      'an index',
      /^ {2}@@index\(\[expiresAt\]\)$/m,
      '',
      'DROP INDEX "tessera"."sessions_expires_at',
    ],
    [
      'a table',
      /^model ProjectRef/m,
      'model Extra {\n  id Int @id\n  @@schema("tessera")\n}\n\n$&',
      'CREATE TABLE "tessera"."Extra"',
    ],
  ])('no longer match schema.prisma after a change to %s', async (_what, place, change, sql) => {
    const schema = await readFile(schemaPath, 'utf8');
    expect(schema).toMatch(place);
    const engine = await engineFor(schema.replace(place, change));
    expect(await engine.nextMigration()).toContain(sql);
  });

  it('are recorded so that prisma migrate deploy recognizes them', async () => {
    const engine = await engineFor(await readFile(schemaPath, 'utf8'));
    expect(await engine.diagnose()).toMatchObject({ history: { diagnostic: 'databaseIsBehind' } });
    expect(await apply(shipped)).toContain('0001_init');
    expect(await engine.diagnose()).toEqual({
      editedMigrationNames: [],
      failedMigrationNames: [],
      hasMigrationsTable: true,
      history: null,
    });
    expect(await engine.deploy()).toEqual([]);
  });

  it('are not applied again after prisma migrate deploy', async () => {
    const client = await connect();
    await client.query('CREATE SCHEMA tessera');
    const engine = await engineFor(await readFile(schemaPath, 'utf8'));
    expect(await engine.deploy()).toContain('0001_init');
    // The engine keeps its lock until it disconnects.
    await engine.close();
    expect(await apply(shipped)).toEqual([]);
  });
});

describe('applyMigrations', () => {
  it('applies pending migrations once, in order', async () => {
    await write('0002_b', 'INSERT INTO tessera.a VALUES (2);');
    await write('0001_a', 'CREATE TABLE tessera.a (n int); INSERT INTO tessera.a VALUES (1);');
    const client = await connect();
    expect(await pendingMigrations({ db: client, directory })).toEqual(['0001_a', '0002_b']);
    expect(await apply()).toEqual(['0001_a', '0002_b']);
    expect(await apply()).toEqual([]);

    await write('0003_c', 'INSERT INTO tessera.a VALUES (3);');
    expect(await pendingMigrations({ db: client, directory })).toEqual(['0003_c']);
    expect(await apply()).toEqual(['0003_c']);
    expect(await pendingMigrations({ db: client, directory })).toEqual([]);
    const { rows } = await client.query('SELECT n FROM tessera.a ORDER BY n');
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('applies each migration once if several gateways start at the same time', async () => {
    await write('0001_a', 'CREATE TABLE tessera.a (n int);');
    await write('0002_b', 'INSERT INTO tessera.a VALUES (2);');
    const applied = await Promise.all(Array.from({ length: 8 }, () => apply()));
    expect(applied.flat().sort()).toEqual(['0001_a', '0002_b']);
    const { rows } = await (await connect()).query('SELECT n FROM tessera.a');
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('rolls back a migration that fails, and reports its name and line', async () => {
    await write('0001_a', 'CREATE TABLE tessera.a (n int);');
    await write(
      '0002_b',
      '-- ünïcödé 🐘\nINSERT INTO tessera.a VALUES (1);\nSELECT nothing_there;\n',
    );
    await expect(apply()).rejects.toThrow(
      /0002_b failed at line 3, .*"nothing_there" does not exist/,
    );
    const client = await connect();
    expect(await pendingMigrations({ db: client, directory })).toEqual(['0002_b']);
    expect((await client.query('SELECT n FROM tessera.a')).rows).toEqual([]);

    await write('0002_b', 'INSERT INTO tessera.a VALUES (1);');
    expect(await apply()).toEqual(['0002_b']);
  });

  it('rejects a migration that was changed after it was applied', async () => {
    await write('0001_a', 'CREATE TABLE tessera.a (n int);\n');
    await apply();
    await write('0001_a', 'CREATE TABLE tessera.a (n int);\r\n');
    expect(await apply()).toEqual([]);

    await write('0001_a', 'CREATE TABLE tessera.a (n bigint);\n');
    await write('0002_b', 'CREATE TABLE tessera.b (n int);');
    await expect(apply()).rejects.toThrow(/0001_a was changed after it was applied/);
    await expect(apply()).rejects.toBeInstanceOf(MigrationError);
    const db = await connect();
    await expect(pendingMigrations({ db, directory })).rejects.toThrow(/0001_a was changed/);
    expect((await db.query(`SELECT to_regclass('tessera.b') AS b`)).rows).toEqual([{ b: null }]);
  });

  it('rejects a database that was migrated by a newer version', async () => {
    await cp(shipped, directory, { recursive: true });
    await write('9999_future', 'CREATE TABLE tessera.future ();');
    await apply();
    await expect(apply(shipped)).rejects.toThrow(/9999_future.*newer version/);
  });

  it('rejects a migration that another tool did not complete', async () => {
    await write('0001_a', 'CREATE TABLE tessera.a (n int);');
    await apply();
    const client = await connect();
    await client.query('UPDATE tessera._prisma_migrations SET finished_at = NULL');
    await expect(apply()).rejects.toThrow(
      /0001_a was started by another tool and did not complete/,
    );
    await client.query('UPDATE tessera._prisma_migrations SET rolled_back_at = now()');
    await client.query('DROP TABLE tessera.a');
    expect(await apply()).toEqual(['0001_a']);
  });

  it('reports a folder without a migration', async () => {
    await mkdir(join(directory, '0001_a'));
    await expect(apply()).rejects.toThrow(/0001_a is missing its file .*migration\.sql/);
  });
});
