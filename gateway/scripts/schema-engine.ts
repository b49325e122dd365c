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
 * Prisma's schema engine as WebAssembly. It compares migrations with schema.prisma, reads a database's migration
 * history, and applies migrations. Unlike Prisma's CLI, it does not download a binary.
 */
export interface SchemaEngine {
  /**
   * Returns the SQL that is missing from the migrations, or an empty string if they match schema.prisma. Ignores
   * partial indexes, checks and triggers, which Prisma cannot express.
   */
  nextMigration(): Promise<string>;
  /** Returns the result of `prisma migrate status` for the database. */
  diagnose(): Promise<DiagnoseMigrationHistoryOutput>;
  /** Applies the pending migrations, as `prisma migrate deploy` does, and returns their names. */
  deploy(): Promise<readonly string[]>;
  /** Stops the engine and closes its connections. Can be called more than once. */
  close(): Promise<void>;
}

const filters = { externalTables: [], externalEnums: [] };
const emptyMigration = '-- This is an empty migration.';

/**
 * Starts the schema engine.
 * @param options.databaseUrl the database for `diagnose` and `deploy`
 * @param options.shadowUrl a separate database in which the engine applies all migrations
 * @param options.schema the content of schema.prisma
 */
export async function openSchemaEngine(options: {
  readonly databaseUrl: string;
  readonly shadowUrl: string;
  readonly schema: string;
  readonly migrationsDirectory: string;
}): Promise<SchemaEngine> {
  const { schema } = options;
  await instantiate();
  // Equivalent to `?schema=tessera` for Prisma's own engines. The engine looks for its migrations table in this schema.
  const inSchema = { options: '-c search_path=tessera' };
  const database = new CatalogPool({ connectionString: options.databaseUrl, ...inSchema, max: 2 });
  // Not set for the shadow database, because the engine would then omit the schema from the generated SQL.
  const shadow = new CatalogPool({ connectionString: options.shadowUrl, max: 2 });
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapterFactory(database, shadow)),
  );
  let closed: Promise<void> | undefined;
  const close = async () => {
    engine.free();
    // The pools are instances of pg.Pool. Only the type of one method differs.
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

/** Missing from the package's type declarations, which assume a bundler. */
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

/** Loads the WebAssembly module, because the package's entry point requires a bundler. */
function instantiate(): Promise<void> {
  return (instantiated ??= load());
}

async function load(): Promise<void> {
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = await readFile(new URL('schema_engine_bg.wasm', glueUrl));
  // TypeScript declares WebAssembly in its browser types, which are not loaded here.
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

/** Prisma's adapter, which is designed for application queries, with changes that the schema engine needs. */
async function connectTo(pool: CatalogPool): Promise<SqlDriverAdapter> {
  // The pool is an instance of pg.Pool. Only the type of `query` differs, which does not affect the adapter.
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
    /** The adapter would split the script at every semicolon, including those in function bodies. */
    async executeScript(script: string) {
      await pool.query(script);
    },
  });
}

const internalChar = 18;
const text = 25;

/**
 * The engine reads PostgreSQL's catalog, which has columns of the internal type "char". The adapter does not support
 * this type, so this class changes the columns to type text, and `charColumns` records their indexes for each array of
 * rows.
 */
class CatalogPool extends pg.Pool {
  readonly charColumns = new WeakMap<object, readonly number[]>();

  // @ts-expect-error -- the adapter uses only one of pg's overloads
  override async query(query: string | pg.QueryArrayConfig): Promise<pg.QueryArrayResult> {
    // If the query is a string, rows are returned as objects, but they are not used.
    const result = await super.query(query as pg.QueryArrayConfig);
    const columns: number[] = [];
    // A script with several statements returns an array of results, which has no `fields`.
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
