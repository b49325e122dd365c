import type pg from 'pg';
import { findIncompleteRoles, restoreProjectRole } from '../data-plane/schema.ts';
import { projectNames } from '../engine/migrations.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';

export interface ProjectRolesOptions {
  /** The connections for changes to projects' tables. One of them is used at a time. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

interface RestoredRoles {
  readonly restored: number;
  readonly failed: number;
  /** The refs of some of the projects whose role could not be restored. */
  readonly examples: readonly string[];
}

const batch = 500;
const maxExamples = 10;

/**
 * Restores the roles of all projects in the background after the start, so that a restored backup works without manual
 * steps. A request for a project that has not been restored yet restores its role itself (data-plane/projects/project-roles.ts).
 */
export function startRoleRestoration(
  options: ProjectRolesOptions & { readonly lifecycle: Lifecycle },
): Promise<unknown> {
  return options.lifecycle.start({
    name: 'project roles',
    start: () => {
      const stop = new AbortController();
      return { stop, done: restoreAndReport(options, stop.signal) };
    },
    stop: async ({ stop, done }) => {
      stop.abort();
      await done;
    },
  });
}

async function restoreAndReport(options: ProjectRolesOptions, signal: AbortSignal): Promise<void> {
  const { logger } = options;
  try {
    const { restored, failed, examples } = await restoreProjectRoles(options, signal);
    if (restored > 0) logger.warn({ restored }, 'Restored the PostgreSQL roles of projects');
    if (failed > 0) {
      logger.error(
        { failed, examples },
        'Could not restore the PostgreSQL roles of some projects, which are not available. If the roles exist, ask an ' +
          'administrator to run, for each of them: GRANT "r_<ref>" TO the user of DATABASE_URL WITH ADMIN OPTION',
      );
    }
  } catch (error) {
    // Requests restore the roles that they need.
    logger.warn({ err: error }, 'Could not check the PostgreSQL roles of all projects');
  }
}

/**
 * Finds and restores all incomplete roles, one after another.
 * @returns the number of roles that were restored and that could not be restored, and some refs of the latter
 */
export async function restoreProjectRoles(
  { pool, logger }: ProjectRolesOptions,
  signal: AbortSignal,
): Promise<RestoredRoles> {
  const examples: string[] = [];
  let restored = 0;
  let failed = 0;
  const isStopped = () => signal.aborted;
  for (let after = ''; !isStopped();) {
    const refs = await findIncompleteRoles(pool, { after, limit: batch });
    const last = refs.at(-1);
    if (last === undefined) break;
    for (const ref of refs) {
      if (isStopped()) break;
      try {
        await restoreProjectRole(pool, projectNames(ref));
        restored += 1;
      } catch (error) {
        failed += 1;
        if (examples.length < maxExamples) examples.push(ref);
        logger.debug({ err: error, ref }, 'Could not restore the PostgreSQL role of a project');
      }
    }
    after = last;
  }
  return { restored, failed, examples };
}
