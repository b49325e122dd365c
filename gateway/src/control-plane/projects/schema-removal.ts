import type pg from 'pg';
import { z } from 'zod';

import { droppableRoles, dropProjectSchema } from '../../data-plane/schema.ts';
import { projectNames } from '../../engine/migrations.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';

/** The maximum number of projects in one job. */
export const maxRemovedAtOnce = 500;

/** The projects whose schemas are to be dropped. */
export const removalPayload = z.object({
  refs: z.array(z.string().refine(isProjectRef)).max(maxRemovedAtOnce),
});

/** The maximum number of schemas per run. The next run drops the rest. */
const orphansPerRun = 500;

/**
 * Drops the PostgreSQL schemas and roles of deleted projects. If the gateway stops before all of them are dropped, the
 * next attempt or `dropOrphans` drops the rest.
 */
export function createSchemaRemovalTasks({ pool }: { readonly pool: pg.Pool }) {
  const drop = async (refs: readonly string[], signal: AbortSignal): Promise<void> => {
    const failures: unknown[] = [];
    for (const ref of refs) {
      signal.throwIfAborted();
      // A schema that is in use does not prevent the others from being dropped.
      await dropDeleted(pool, ref).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    drop,
    /**
     * Drops the remaining schemas and roles of deleted projects. They remain if a project was deleted by hand, or if
     * all earlier attempts to drop them failed.
     */
    async dropOrphans(logger: Logger, signal: AbortSignal): Promise<void> {
      const refs = await findOrphans(pool);
      if (refs.length === 0) return;
      await drop(refs, signal);
      logger.info({ count: refs.length }, 'Dropped the schemas of deleted projects');
    },
  };
}

async function dropDeleted(pool: pg.Pool, ref: string): Promise<void> {
  const client = await pool.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM tessera.projects WHERE ref = $1', [ref]);
    if (rowCount !== 0) throw new Error('The project still exists, so its schema is not dropped.');
    await dropProjectSchema(client, projectNames(ref));
    client.release();
  } catch (error) {
    // The connection may be in any state, so it is not reused.
    client.release(true);
    throw error;
  }
}

/**
 * The refs of deleted projects whose schema or role still exists and can be dropped. Only refs that this database issued are included.
 * Roles are shared by all databases of a server, so the ref is compared with those that this database has issued. A
 * single statement reads one snapshot, in which a project that is being created is either complete or absent.
 */
async function findOrphans(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ ref: string }>(
    `SELECT r.ref FROM tessera.project_refs AS r
     WHERE r.ref IN (
         SELECT substr(nspname, 3) FROM pg_catalog.pg_namespace WHERE nspname LIKE 'p\\_%'
         UNION ALL
         SELECT substr(rolname, 3) FROM (${droppableRoles}) AS r
       )
       AND NOT EXISTS (SELECT FROM tessera.projects AS p WHERE p.ref = r.ref)
     LIMIT $1`,
    [orphansPerRun],
  );
  return rows.map(({ ref }) => ref);
}
