import { LRUCache } from 'lru-cache';

import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Principal, UserViewer } from '../access/viewer.ts';
import type { AuditService } from './audit.service.ts';

/** A project, as a member views it. */
export interface ProjectView {
  readonly organizationId: string;
  readonly projectId: string;
  readonly projectName: string;
  /** The id of the project's user as whom the member views it. Null for a signed-out caller. */
  readonly userId: string | null;
}

/** Writes to the audit log that members view projects as other callers. */
export interface ProjectViews {
  /** @param caller a member of the project's organization */
  record(caller: Principal & { readonly viewer: UserViewer }, view: ProjectView): Promise<void>;
}

/** A page of the console sends many requests. They are one entry. */
const oneEntryForMs = 15 * 60_000;
const maxRecorded = 10_000;

export function createProjectViews({
  db,
  audit,
  clock,
}: {
  readonly db: Db;
  readonly audit: Pick<AuditService, 'record'>;
  readonly clock: Clock;
}): ProjectViews {
  const recorded = new LRUCache<string, Promise<void>>({
    ...growingUpTo(maxRecorded),
    ttl: oneEntryForMs,
    ttlResolution: 0,
    perf: { now: () => clock().getTime() },
  });
  return {
    async record(caller, { organizationId, projectId, projectName, userId }) {
      const key = JSON.stringify([caller.viewer.sessionId, projectId, userId]);
      // Requests that arrive together wait for the same entry, because no view may go unrecorded.
      let entry = recorded.get(key);
      if (entry === undefined) {
        entry = audit.record(db, caller, {
          action: 'project.viewAs',
          organizationId,
          projectId,
          target: { kind: 'project', id: projectId, label: projectName },
          details: userId === null ? { as: 'PUBLIC' } : { as: 'USER', userId },
        });
        recorded.set(key, entry);
      }
      try {
        await entry;
      } catch (error) {
        if (recorded.peek(key) === entry) recorded.delete(key);
        throw error;
      }
    },
  };
}
