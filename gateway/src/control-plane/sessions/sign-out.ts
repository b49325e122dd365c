import { principalAs, type Principal } from '../access/viewer.ts';
import type { Tx } from '../../platform/db/database.ts';
import { errors } from '../errors/errors.ts';
import { requireId } from '../validation/input.ts';
import { requireUser } from '../access/access.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { findFamily, type FamilySession } from './refresh.ts';
import { type SessionTransaction, userViewer, lockUser } from './session-changes.ts';

export interface SignOutDependencies {
  readonly audit: AuditService;
  readonly transaction: SessionTransaction;
}

type SessionOfUser = Pick<FamilySession, 'id' | 'userId' | 'email'>;

/** Creates the operations that end a user's sessions. */
export function createSignOut({ audit, transaction }: SignOutDependencies) {
  /** Ends one session in its own transaction. Writes an audit entry only if the session was still active. */
  const end = (caller: Principal, find: (tx: Tx) => Promise<SessionOfUser | null>) =>
    transaction(async (tx, sessions) => {
      const session = await find(tx);
      if (session === null || (await sessions.end({ id: session.id })) === 0) return;
      const viewer = userViewer({ id: session.userId, email: session.email }, session.id);
      await audit.record(tx, principalAs(viewer, caller), {
        action: 'session.logout',
        target: targetOf(session),
      });
    });

  return {
    async logout(caller: Principal, refreshToken: string | null): Promise<void> {
      const { viewer } = caller;
      if (viewer.kind === 'user') {
        const { sessionId: id, userId, email } = viewer;
        await end(caller, () => Promise.resolve({ id, userId, email }));
      }
      if (refreshToken !== null) await end(caller, (tx) => findFamily(tx, refreshToken));
    },

    async revoke(caller: Principal, { id }: { readonly id: string }): Promise<void> {
      const user = requireUser(caller);
      const sessionId = requireId(id, 'session');
      await transaction(async (tx, sessions) => {
        await lockUser(tx, user.userId);
        await sessions.requireStanding(user);
        const ended = await sessions.end({ id: sessionId, userId: user.userId });
        if (ended === 0) throw errors.notFound('session');
        await audit.record(tx, caller, {
          action: 'session.revoke',
          target: targetOf({ id: sessionId, email: user.email }),
        });
      });
    },

    async revokeOthers(caller: Principal): Promise<void> {
      const user = requireUser(caller);
      await transaction(async (tx, sessions) => {
        await lockUser(tx, user.userId);
        await sessions.requireStanding(user);
        const ended = await sessions.end({ userId: user.userId, id: { not: user.sessionId } });
        if (ended === 0) return;
        await audit.record(tx, caller, {
          action: 'session.revokeOthers',
          target: { kind: 'user', id: user.userId, label: user.email },
          details: { ended },
        });
      });
    },
  };
}

const targetOf = ({ id, email }: Pick<SessionOfUser, 'id' | 'email'>) =>
  ({ kind: 'session', id, label: email }) as const;
