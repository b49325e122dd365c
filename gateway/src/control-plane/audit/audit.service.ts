import type { Principal } from '../access/viewer.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';
import { isUuid } from '../validation/input.ts';
import type { Prisma } from '#prisma';
import type { AuditAction } from './audit-actions.ts';
import { idRange, type TimeRange } from './id-range.ts';

export type AuditTargetKind =
  'user' | 'session' | 'organization' | 'invitation' | 'member' | 'project' | 'apiKey';

export interface AuditRecord {
  readonly action: AuditAction;
  readonly organizationId?: string | null;
  readonly projectId?: string | null;
  readonly target: {
    readonly kind: AuditTargetKind;
    readonly id: string | null;
    readonly label: string | null;
  };
  /** What changed, in the API's terms. Never contains a secret, a hash or a token. */
  readonly details?: Prisma.InputJsonObject;
}

export interface AuditService {
  /**
   * Writes an audit entry. Pass the change's transaction, so that both are committed together. An event without a
   * change, such as a refused sign-in, is recorded outside a transaction.
   */
  record(executor: Tx | Db, caller: Principal, record: AuditRecord): Promise<void>;
  /** A filter for an organization's entries that match all given fields. */
  filter(organizationId: string, filter: AuditFilter): Promise<Prisma.AuditEntryWhereInput>;
  /** A filter for the entries about a user's account: what the user did to it, and what others tried. */
  accountFilter(userId: string): Prisma.AuditEntryWhereInput;
}

/** `since` is inclusive, `until` is exclusive. */
export interface AuditFilter extends TimeRange {
  readonly action?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  readonly projectRef?: string | null | undefined;
}

/** The format of an action name. Other strings match no entries, and PostgreSQL rejects strings that contain NUL. */
const actionText = /^[a-zA-Z.]{1,64}$/;

export function createAuditService({ db }: { db: Db }): AuditService {
  return {
    async filter(organizationId, { action, actorId, projectRef, since, until }) {
      const nothing = { organizationId, id: { in: [] } };
      if (action != null && !actionText.test(action)) return nothing;
      if (actorId != null && !isUuid(actorId)) return nothing;
      const projectId =
        projectRef == null ? null : await projectIdOf(db, organizationId, projectRef);
      if (projectRef != null && projectId === null) return nothing;
      return {
        organizationId,
        ...(action == null ? {} : { action }),
        ...(actorId == null ? {} : { actorId }),
        ...(projectId === null ? {} : { projectId }),
        at: { ...(since != null && { gte: since }), ...(until != null && { lt: until }) },
        id: idRange({ since, until }),
      };
    },

    accountFilter: (userId) => ({
      organizationId: null,
      OR: [
        { actorKind: 'USER', actorId: userId },
        { targetKind: 'user', targetId: userId },
      ],
    }),

    async record(executor, caller, { action, organizationId, projectId, target, details }) {
      await executor.auditEntry.create({
        data: {
          ...actorOf(caller),
          action,
          organizationId: organizationId ?? null,
          projectId: projectId ?? null,
          targetKind: target.kind,
          targetId: target.id,
          targetLabel: target.label,
          ipAddress: caller.ipAddress,
          requestId: caller.requestId,
          details: details ?? {},
        },
        select: { id: true },
      });
    },
  };
}

/** Finds the id of a deleted project in the audit log. */
async function projectIdOf(db: Db, organizationId: string, ref: string): Promise<string | null> {
  if (!isProjectRef(ref)) return null;
  const project = await db.project.findFirst({ where: { ref, organizationId } });
  if (project !== null) return project.id;
  const made = await db.auditEntry.findFirst({
    where: { organizationId, action: 'project.create', details: { path: ['ref'], equals: ref } },
  });
  return made?.projectId ?? null;
}

function actorOf({ viewer }: Principal) {
  switch (viewer.kind) {
    case 'user':
      return { actorKind: 'USER', actorId: viewer.userId, actorLabel: viewer.email } as const;
    case 'apiKey':
      return { actorKind: 'API_KEY', actorId: viewer.keyId, actorLabel: viewer.prefix } as const;
    case 'anonymous':
      return { actorKind: 'ANONYMOUS', actorId: null, actorLabel: null } as const;
    default:
      return assertNever(viewer);
  }
}
