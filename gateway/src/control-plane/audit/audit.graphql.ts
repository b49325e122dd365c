import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import type { AuditEntry, Prisma } from '#prisma';
import type { Db } from '../../platform/db/database.ts';
import type { AuditService } from './audit.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly audit: AuditService;
  }
}

const AuditActorKind = builder.enumType('AuditActorKind', {
  values: ['USER', 'API_KEY', 'SYSTEM', 'ANONYMOUS'] as const,
});

const AuditActor = builder.objectRef<AuditEntry>('AuditActor').implement({
  description: 'The user or key that made the change, with its label at that time.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.field({ type: AuditActorKind, resolve: (entry) => entry.actorKind }),
    id: t.id({ nullable: true, resolve: (entry) => entry.actorId }),
    label: t.string({
      nullable: true,
      description: 'The email address of a user, or the prefix of a key.',
      resolve: (entry) => entry.actorLabel,
    }),
  }),
});

const AuditTarget = builder.objectRef<AuditEntry>('AuditTarget').implement({
  description: 'The changed resource, with its label at that time.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.string({ resolve: (entry) => entry.targetKind }),
    id: t.id({ nullable: true, resolve: (entry) => entry.targetId }),
    label: t.string({ nullable: true, resolve: (entry) => entry.targetLabel }),
  }),
});

const AuditEntryType = builder.objectRef<AuditEntry>('AuditEntry').implement({
  description: 'A record of one change, written in the same transaction as the change.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    at: t.expose('at', { type: 'DateTime' }),
    actor: t.field({ type: AuditActor, resolve: (entry) => entry }),
    action: t.exposeString('action', { description: 'The action, for example `apiKey.create`.' }),
    target: t.field({ type: AuditTarget, resolve: (entry) => entry }),
    ipAddress: t.exposeString('ipAddress', { nullable: true }),
    details: t.expose('details', { type: 'JSON' }),
  }),
});

const AuditLogFilter = builder.inputType('AuditLogFilter', {
  description: 'Filters for the audit log. An entry must match all given fields.',
  fields: (t) => ({
    action: t.string({ required: false, description: 'An action, for example `apiKey.create`.' }),
    actorId: t.id({ required: false }),
    projectRef: t.id({ required: false }),
    since: t.field({ type: 'DateTime', required: false }),
    until: t.field({ type: 'DateTime', required: false }),
  }),
});

/** A page of the entries that match `where`, newest first. */
function entriesPage(
  db: Db,
  where: Prisma.AuditEntryWhereInput,
  args: Parameters<typeof keysetConnection>[0]['args'],
) {
  return keysetConnection({
    args,
    order: 'newest first',
    count: () => db.auditEntry.count({ where }),
    page: ({ where: after, ...page }) =>
      db.auditEntry.findMany({ where: { AND: [where, after] }, ...page }),
  });
}

builder.prismaObjectField('User', 'auditLog', (t) =>
  t.connection({
    type: AuditEntryType,
    // Nullable, so that requesting it for another member fails only this field, with a FORBIDDEN error.
    nullable: true,
    description:
      'The events of the account, such as sign-ins and password changes, newest first. Visible only to the user.',
    authScopes: (user) => ({ self: user.id }),
    resolve: (user, args, { db, services }) => {
      const where = services.audit.accountFilter(user.id);
      return entriesPage(db, where, args);
    },
  }),
);

builder.prismaObjectField('Organization', 'auditLog', (t) =>
  t.connection({
    type: AuditEntryType,
    description: 'The changes in the organization, newest first.',
    authScopes: (organization) => ({
      organization: { id: organization.id, action: 'audit:read' },
    }),
    args: { filter: t.arg({ type: AuditLogFilter, required: false }) },
    resolve: async (organization, args, { db, services }) => {
      const where: Prisma.AuditEntryWhereInput = await services.audit.filter(
        organization.id,
        args.filter ?? {},
      );
      return entriesPage(db, where, args);
    },
  }),
);
