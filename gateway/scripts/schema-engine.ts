import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import type { DiagnoseMigrationHistoryOutput, MigrationList } from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { endPool } from '../src/platform/db/end-pool.ts';
import { readMigrations } from '../src/platform/db/migration-files.ts';

/**
 * Prisma's schema engine as WebAssembly: compares migrations with schema.prisma and reads a database's
 * history, with no binary to download.
 */
export interface SchemaEngine {
  /**
   * The SQL that the migrations lack of schema.prisma; empty when they agree. What Prisma cannot express
   * (partial indexes, checks, triggers) counts on neither side.
   */
  nextMigration(): Promise<string>;
  /** What `prisma migrate deploy` and `status` find in the database. */
  diagnose(): Promise<DiagnoseMigrationHistoryOutput>;
  /** Does what `prisma migrate deploy` does, and returns the names of what it applied. */
  deploy(): Promise<readonly string[]>;
  /** May be called again. */
  close(): Promise<void>;
}

const filters = { externalTables: [], externalEnums: [] };
const emptyMigration = '-- This is an empty migration.';

/**
 * @param options.databaseUrl whose history `diagnose` and `deploy` are about
 * @param options.shadowUrl a database of its own, in which the engine applies the migrations anew
 * @param options.schema the text of schema.prisma
 */
export async function openSchemaEngine(options: {
  readonly databaseUrl: string;
  readonly shadowUrl: string;
  readonly schema: string;
  readonly migrationsDirectory: string;
}): Promise<SchemaEngine> {
  const { schema } = options;
  await instantiate();
  // As `?schema=tessera` does for Prisma's own engines, so that they find the records there.
  const inSchema = { options: '-c search_path=tessera' };
  const database = new CatalogPool({ connectionString: options.databaseUrl, ...inSchema, max: 2 });
  // Not here: the engine then leaves the schema out of the SQL it writes.
  const shadow = new CatalogPool({ connectionString: options.shadowUrl, max: 2 });
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapterFactory(database, shadow)),
  );
  let closed: Promise<void> | undefined;
  const close = async () => {
    engine.free();
    // They are pg.Pools in everything but the one method's type.
    const pools = [database, shadow] as unknown as pg.Pool[];
    await Promise.all(pools.map(endPool));
  };
  const migrationsList = await listMigrations(options.migrationsDirectory);
  return {
    async nextMigration() {
      await shadow.query('DROP SCHEMA IF EXISTS tessera CASCADE');
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrationsList },
        to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
        script: true,
        exitCode: null,
        filters,
      });
      const sql = (stdout ?? '').trim();
      return sql === emptyMigration ? '' : sql;
    },
    diagnose: () =>
      engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
    deploy: async () =>
      (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames,
    close: () => (closed ??= close()),
  };
}

/** What the package's type declarations leave out, since they expect a bundler. */
interface WasmGlue {
  __wbg_set_wasm(exports: unknown): void;
}
interface WasmApi {
  instantiate(
    code: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

let instantiated: Promise<void> | undefined;

/** The package's own entry point needs a bundler; this does by hand what that would. */
function instantiate(): Promise<void> {
  return (instantiated ??= load());
}

async function load(): Promise<void> {
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = await readFile(new URL('schema_engine_bg.wasm', glueUrl));
  // TypeScript keeps WebAssembly's types with the browser's, which are not loaded here.
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WasmApi };
  const { instance } = await wasm.instantiate(code, { './schema_engine_bg.js': bindings });
  // See WasmGlue.
  (bindings as unknown as WasmGlue).__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

function adapterFactory(
  database: CatalogPool,
  shadow: CatalogPool,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connectTo(database),
    connectToShadowDb: () => connectTo(shadow),
  };
}

/** Prisma's adapter, which is made for an application's queries, with what the engine's work needs. */
async function connectTo(pool: CatalogPool): Promise<SqlDriverAdapter> {
  // It is a pg.Pool in all that the adapter uses of one.
  const adapter = await new PrismaPg(pool as unknown as pg.Pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    async queryRaw(query: SqlQuery) {
      const result = await queryRaw(query);
      for (const column of pool.charColumns.get(result.rows) ?? []) {
        result.columnTypes[column] = ColumnTypeEnum.Character;
      }
      return result;
    },
    /** The adapter would cut the script at every semicolon, also inside a function's body. */
    async executeScript(script: string) {
      await pool.query(script);
    },
  });
}

const internalChar = 18;
const text = 25;

/**
 * The engine reads PostgreSQL's catalog, which has columns of the internal type "char". The adapter does
 * not know that type, so it is shown text, and which columns it was is kept beside the rows.
 */
class CatalogPool extends pg.Pool {
  readonly charColumns = new WeakMap<object, readonly number[]>();

  // @ts-expect-error -- of pg's many ways to call it, the adapter uses this one
  override async query(query: string | pg.QueryArrayConfig): Promise<pg.QueryArrayResult> {
    // A text without parameters gives no array of arrays, but nobody reads its rows.
    const result = await super.query(query as pg.QueryArrayConfig);
    const columns: number[] = [];
    // A script of several statements gives an array of results, which has no `fields`.
    for (const [index, field] of ((result.fields as pg.FieldDef[] | undefined) ?? []).entries()) {
      if (field.dataTypeID !== internalChar) continue;
      field.dataTypeID = text;
      columns.push(index);
    }
    if (columns.length > 0) this.charColumns.set(result.rows, columns);
    return result;
  }
}

async function listMigrations(directory: string): Promise<MigrationList> {
  const lockfile = 'migration_lock.toml';
  return {
    baseDir: directory,
    lockfile: { path: lockfile, content: await readFile(join(directory, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: (await readMigrations(directory)).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
