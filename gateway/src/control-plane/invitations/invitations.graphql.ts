import { queryFromInfo } from '@pothos/plugin-prisma';

import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { enforceLimit, limiterOf } from '../graphql/field-limits.ts';
import {
  AlreadyInvitedError,
  AlreadyMemberError,
  InvalidTokenError,
  LimitReachedError,
  NotFoundError,
  ValidationError,
  WrongAccountError,
} from '../errors/expected-error.ts';
import { clientNetwork } from '../../platform/rate-limit/client-network.ts';
import { rateLimits } from '../rate-limits.ts';
import type { Invitation } from '#prisma';
import { Role } from '../access/role.graphql.ts';
import { havingStatus, invitationStatuses, statusOf } from './invitation-status.ts';
import type { InvitationPreview, InvitationsService } from './invitations.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly invitations: InvitationsService;
  }
}

const InvitationStatus = builder.enumType('InvitationStatus', { values: invitationStatuses });

const InvitationType = builder.prismaObject('Invitation', {
  description: 'An invitation to join an organization, sent by email.',
  authScopes: ({ organizationId }) => ({
    organization: { id: organizationId, action: 'invitation:read' },
    $granted: 'justAccepted',
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    organization: t.relation('organization'),
    email: t.exposeString('email'),
    role: t.expose('role', {
      type: Role,
      description: 'The role that the invited user will have.',
    }),
    status: t.field({
      type: InvitationStatus,
      resolve: (invitation, _args, { services }) =>
        statusOf(invitation, services.invitations.now()),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    invitedBy: t.relation('invitedBy', { nullable: true }),
  }),
});

builder.prismaObjectField('Organization', 'invitations', (t) =>
  t.connection({
    type: InvitationType,
    description: "The organization's invitations, newest first.",
    authScopes: ({ id }) => ({ organization: { id, action: 'invitation:read' } }),
    args: { status: t.arg({ type: InvitationStatus, defaultValue: 'OPEN' }) },
    resolve: ({ id }, args, context, info) => {
      const { invitation } = context.db;
      const paths = [['nodes'], ['edges', 'node']];
      const now = context.services.invitations.now();
      const where = { organizationId: id, ...havingStatus(args.status, now) };
      return keysetConnection({
        args,
        order: 'newest first',
        count: () => invitation.count({ where }),
        page: ({ where: after, ...page }) =>
          invitation.findMany({
            ...queryFromInfo({ context, info, paths, include: { invitedBy: true } }),
            where: { AND: [where, after] },
            ...page,
          }),
      });
    },
  }),
);

const InvitationPreviewType = builder.objectRef<InvitationPreview>('InvitationPreview').implement({
  description: 'The details of an open invitation that anyone with its link can see.',
  authScopes: { public: true },
  fields: (t) => ({
    organizationName: t.exposeString('organizationName'),
    email: t.exposeString('email', {
      description: 'Only the account with this email address can accept the invitation.',
    }),
    role: t.expose('role', { type: Role }),
    invitedByName: t.exposeString('invitedByName', { nullable: true }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});

builder.queryField('invitation', (t) =>
  t.field({
    type: InvitationPreviewType,
    nullable: true,
    description: 'The open invitation with this token, or null if there is none.',
    authScopes: { public: true },
    args: { token: t.arg.string() },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      await enforceLimit(limiter, rateLimits.previewInvitation, clientNetwork(context.ipAddress));
      return context.services.invitations.preview(args.token);
    },
  }),
);

/** The payload `{ invitation }` of the three mutations below. */
const invitationSuccess = (name: string, grantScopes: 'justAccepted'[] = []) =>
  builder.objectRef<{ invitation: Invitation }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      invitation: t.field({
        type: InvitationType,
        grantScopes,
        resolve: (success) => success.invitation,
      }),
    }),
  });

builder.mutationField('inviteMember', (t) =>
  t.field({
    type: invitationSuccess('InviteMemberSuccess'),
    nullable: true,
    description:
      'Sends an invitation link by email. The link can be used once, within seven days, by the account with this address. Only an owner can invite an owner.',
    authScopes: { user: true },
    errors: {
      types: [
        ValidationError,
        NotFoundError,
        AlreadyMemberError,
        AlreadyInvitedError,
        LimitReachedError,
      ],
    },
    args: {
      input: t.arg({
        type: builder.inputType('InviteMemberInput', {
          fields: (f) => ({
            organizationId: f.id(),
            email: f.string(),
            role: f.field({ type: Role }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      return {
        invitation: await context.services.invitations.invite(context, args.input, limiter),
      };
    },
  }),
);

builder.mutationField('revokeInvitation', (t) =>
  t.field({
    type: invitationSuccess('RevokeInvitationSuccess'),
    nullable: true,
    description: 'Revokes an open invitation. Its link stops working immediately.',
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('RevokeInvitationInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      invitation: await context.services.invitations.revoke(context, input),
    }),
  }),
);

builder.mutationField('acceptInvitation', (t) =>
  t.field({
    // Roles below ADMIN cannot read invitations, but new members can read the invitation that they accepted.
    type: invitationSuccess('AcceptInvitationSuccess', ['justAccepted']),
    nullable: true,
    description:
      "Adds the signed-in user to the organization. The user's email address must match the invitation, and is marked as verified.",
    authScopes: { user: true },
    errors: {
      types: [InvalidTokenError, WrongAccountError, AlreadyMemberError, LimitReachedError],
    },
    args: {
      input: t.arg({
        type: builder.inputType('AcceptInvitationInput', {
          fields: (f) => ({ token: f.string() }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      invitation: await context.services.invitations.accept(context, input),
    }),
  }),
);
