import type pg from 'pg';
import { createChangeLog, type ChangeLog } from '../src/data-plane/changes/change-log.ts';
import type { Change } from '../src/data-plane/changes/changes.ts';
import type { LogPosition } from '../src/data-plane/changes/cursor.ts';
import { withProject, type EngineProject } from './engine/project.ts';

/** Reads everything at once. */
export const limits = { changes: 50_000, bytes: 64_000_000 };
/** Two live models, and one that is not, with a many-to-many relation. */
export const sdl = `
  type Board @model @live { id: Int! @id name: String! cards: [Card!]! }
  type Card @model @live {
    id: Int! @id
    title: String
    price: Decimal
    big: BigInt
    board: Board @relation(onDelete: CASCADE)
    parent: Card @relation(onDelete: SET_NULL)
    children: [Card!]!
    labels: [Label!]!
  }
  type Label @model { id: Int! @id cards: [Card!]! }`;

export interface LogKit {
  readonly project: EngineProject;
  readonly log: ChangeLog;
  /** The end of the log now. */
  readonly end: () => Promise<LogPosition>;
  /** What was changed since, as short texts. */
  readonly since: (after: LogPosition) => Promise<readonly string[]>;
  readonly changes: (after: LogPosition) => Promise<readonly Change[]>;
}

/** Runs `work` with a new project of this schema and its log. */
export async function withLog(
  pool: pg.Pool,
  work: (kit: LogKit) => Promise<void>,
  schema = sdl,
): Promise<void> {
  await withProject(pool, async (project) => {
    await project.apply(schema);
    const log = createChangeLog(pool);
    const { ref } = project.names;
    const changes = async (after: LogPosition) =>
      (await log.read(ref, after, limits)).commits.flatMap((commit) => commit.changes);
    await work({
      project,
      log,
      end: async () => (await log.read(ref, null, limits)).end,
      changes,
      since: async (after) => (await changes(after)).map(inShort),
    });
  });
}

export function inShort({ operation, table, key, changed }: Change): string {
  const of = key === null ? '' : ` ${Object.values(key).join()}`;
  return `${operation} ${table}${of}${changed.length === 0 ? '' : ` (${[...changed].sort().join()})`}`;
}

/** Runs `work` on a connection of its own, with the schema of the project in the search path. */
export async function connected<T>(
  pool: pg.Pool,
  { names }: EngineProject,
  work: (
    query: (sql: string) => Promise<Record<string, unknown>[]>,
    client: pg.PoolClient,
  ) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`SET search_path = "${names.schema}"`);
    return await work(
      async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
      client,
    );
  } finally {
    client.release(true);
  }
}
