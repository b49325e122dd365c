import { LRUCache } from 'lru-cache';
import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import { createBoundedWork } from '../../platform/bounded-work.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { inspectProjectRole, restoreProjectRole } from '../schema/project-role.ts';
import { ProjectRoleError } from './project-role-error.ts';

/** Checks projects' PostgreSQL roles before statements run with them, and restores what a role lacks. */
export interface ProjectRoles {
  /**
   * Checks the role unless it was checked in the last ten minutes, and restores it if it is missing or lacks
   * privileges.
   * @throws ProjectRoleError if it has more privileges than a project role may have, or could not be restored
   * @throws RequestError `OVERLOADED` if too many roles are being checked
   */
  ensure(names: ProjectNames): Promise<void>;
  /** Like `ensure`, but checks the role in any case. Call it after PostgreSQL refused the role. */
  restore(names: ProjectNames): Promise<void>;
}

export interface ProjectRolesDependencies {
  /** The gateway's connections. Each check runs one statement. */
  readonly client: SqlClient;
  readonly logger: Logger;
  /** A monotonic clock, in milliseconds. @default performance.now */
  readonly now?: () => number;
}

const maxProjects = 10_000;
/** Administrators change roles rarely, and the check is a second line of defense. */
const ttlMs = 10 * 60_000;
const limits = { concurrency: 4, maxWaiting: 1_000, maxWaitMs: 2_000 };

export function createProjectRoles({
  client,
  logger,
  now = () => performance.now(),
}: ProjectRolesDependencies): ProjectRoles {
  const checked = new LRUCache<string, true>({
    ...growingUpTo(maxProjects),
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now },
  });
  /** The checks that are running. All requests of a project wait for the same check. */
  const running = new Map<string, Promise<void>>();
  const bounded = createBoundedWork(limits);

  const check = async (names: ProjectNames): Promise<void> => {
    const { isComplete, excess } = await inspectProjectRole(client, names);
    if (excess.length > 0) {
      throw new ProjectRoleError(
        `The role ${names.role} must only have access to the schema ${names.schema}, but has: ${excess.join(', ')}. ` +
          'Revoke these privileges to make the project available again.',
      );
    }
    if (!isComplete) {
      await restore(client, names);
      logger.warn({ ref: names.ref }, 'Restored the PostgreSQL role of a project');
    }
    checked.set(names.ref, true);
  };

  const checkOnce = (names: ProjectNames): Promise<void> => {
    const known = running.get(names.ref);
    if (known !== undefined) return known;
    const work = bounded(() => check(names)).finally(() => running.delete(names.ref));
    running.set(names.ref, work);
    return work;
  };

  return {
    ensure: (names) => (checked.has(names.ref) ? Promise.resolve() : checkOnce(names)),
    restore(names) {
      checked.delete(names.ref);
      return checkOnce(names);
    },
  };
}

async function restore(client: SqlClient, names: ProjectNames): Promise<void> {
  try {
    await restoreProjectRole(client, names);
  } catch (error) {
    throw new ProjectRoleError(
      `The role ${names.role} is missing or incomplete, and the gateway could not restore it. If the role exists, ask an ` +
        `administrator to run: GRANT "${names.role}" TO the user of DATABASE_URL WITH ADMIN OPTION`,
      { cause: error },
    );
  }
}
