import type pg from 'pg';
import { z } from 'zod';
import { createAuditService } from '../control-plane/audit/audit.service.ts';
import {
  createInvitationMailTasks,
  invitationMailPayloads,
} from '../control-plane/invitations/mail-tasks.ts';
import {
  createSchemaRemovalTasks,
  maxRemovedAtOnce,
  removalPayload,
} from '../control-plane/projects/schema-removal.ts';
import type { ManagementDependencies } from '../control-plane/services.ts';
import { createSessionCleanup } from '../control-plane/sessions/cleanup.ts';
import { createUsagePurge } from '../control-plane/usage/retention.ts';
import { createUserMailTasks, userMailPayloads } from '../control-plane/users/user-mails.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/database.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';
import { defineTask } from '../platform/jobs/task.ts';
import type { Mailer } from '../platform/mail/mailer.ts';

export interface TaskDependencies {
  readonly db: Db;
  /** The connections for changes to projects' tables. */
  readonly schemaPool: pg.Pool;
  readonly mailer: Mailer;
  readonly publicUrl: URL;
  readonly clock: Clock;
}

export type Tasks = ReturnType<typeof createTasks>;

/** All background tasks: those that run after a response, and those that run every hour or day. */
export function createTasks({ db, schemaPool, mailer, publicUrl, clock }: TaskDependencies) {
  const links = { publicUrl: publicUrl.origin, clock };
  const users = createUserMailTasks({ db, mailer, audit: createAuditService({ db }), ...links });
  const invitations = createInvitationMailTasks({ db, mailer, ...links });
  const cleanUp = createSessionCleanup({ db, clock });
  const purgeUsage = createUsagePurge({ db, clock });
  const schemas = createSchemaRemovalTasks({ pool: schemaPool });
  return {
    'mail.emailVerification': defineTask({
      payload: userMailPayloads.emailVerification,
      run: (payload) => users.emailVerification(payload),
    }),
    'mail.registration': defineTask({
      payload: userMailPayloads.registration,
      run: (payload) => users.registration(payload),
    }),
    'mail.passwordReset': defineTask({
      payload: userMailPayloads.passwordReset,
      run: (payload) => users.passwordReset(payload),
    }),
    'mail.passwordChanged': defineTask({
      payload: userMailPayloads.passwordChanged,
      run: (payload) => users.passwordChanged(payload),
    }),
    'mail.invitation': defineTask({
      payload: invitationMailPayloads.invitation,
      run: (payload) => invitations.invitation(payload),
    }),
    'projects.dropSchemas': defineTask({
      payload: removalPayload,
      run: ({ refs }, { signal }) => schemas.drop(refs, signal),
    }),
    'projects.dropOrphans': defineTask({
      payload: z.object({}),
      cron: '37 * * * *',
      run: (_payload, { logger, signal }) => schemas.dropOrphans(logger, signal),
    }),
    'sessions.cleanUp': defineTask({
      payload: z.object({}),
      cron: '17 * * * *',
      run: async (_payload, { logger }) => {
        logger.info(await cleanUp(), 'Deleted expired sessions and links');
      },
    }),
    'usage.purge': defineTask({
      payload: z.object({}),
      cron: '23 3 * * *',
      run: async (_payload, { logger }) => {
        logger.info({ rows: await purgeUsage() }, 'Deleted old usage statistics');
      },
    }),
  };
}

/** Queues the removal of projects' tables in the same transaction that deletes the projects. */
export function createRemoval(
  jobs: Pick<Jobs<Tasks>, 'enqueue'>,
): ManagementDependencies['removal'] {
  return {
    enqueue: async (tx, refs) => {
      for (let start = 0; start < refs.length; start += maxRemovedAtOnce) {
        const some = refs.slice(start, start + maxRemovedAtOnce);
        await jobs.enqueue(tx, 'projects.dropSchemas', { refs: some });
      }
    },
  };
}

/** Queues emails as jobs in the same transaction as the changes that cause them. */
export function createMails(jobs: Pick<Jobs<Tasks>, 'enqueue'>): ManagementDependencies['mails'] {
  return {
    emailVerification: (tx, mail) => jobs.enqueue(tx, 'mail.emailVerification', mail),
    registration: (tx, mail) => jobs.enqueue(tx, 'mail.registration', mail),
    passwordReset: (tx, mail) => jobs.enqueue(tx, 'mail.passwordReset', mail),
    passwordChanged: (tx, mail) => jobs.enqueue(tx, 'mail.passwordChanged', mail),
    invitation: (tx, invitationId) => jobs.enqueue(tx, 'mail.invitation', { invitationId }),
  };
}
