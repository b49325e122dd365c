import { queryFromInfo } from '@pothos/plugin-prisma';

import { builder } from '../graphql/builder.ts';
import { keysetConnection } from '../graphql/connection.ts';
import { enforceLimit, limiterOf } from '../graphql/field-limits.ts';
import { okSuccess } from '../graphql/success.ts';
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

const ReceivedInvitation = builder.prismaObject('Invitation', {
  variant: 'ReceivedInvitation',
  description: 'An open invitation to join an organization, as the invited user sees it.',
  // Reached only through the viewer's own account.
  authScopes: { viaParent: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    organizationName: t.string({
      select: { organization: { select: { name: true } } },
      resolve: ({ organization }) => organization.name,
    }),
    role: t.expose('role', { type: Role, description: 'The role that the viewer will have.' }),
    invitedByName: t.string({
      nullable: true,
      description: 'Null if the account of the inviting member was deleted.',
      select: { invitedBy: { select: { name: true } } },
      resolve: ({ invitedBy }) => invitedBy?.name ?? null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});

builder.prismaObjectField('User', 'receivedInvitations', (t) =>
  t.connection({
    type: ReceivedInvitation,
    description:
      "The open invitations to the user's email address, newest first. Empty until the address is verified. Visible only to the user.",
    // Nullable, so that requesting it for another member fails only this field, with a FORBIDDEN error.
    nullable: true,
    authScopes: (user) => ({ self: user.id }),
    select: { email: true, emailVerifiedAt: true },
    resolve: (user, args, context, info) => {
      const { invitation } = context.db;
      const paths = [['nodes'], ['edges', 'node']];
      const where = context.services.invitations.receivedBy(user);
      return keysetConnection({
        args,
        order: 'newest first',
        count: () => invitation.count({ where }),
        page: ({ where: after, ...page }) =>
          invitation.findMany({
            ...queryFromInfo({ context, info, paths, typeName: 'ReceivedInvitation', include: {} }),
            where: { AND: [where, after] },
            ...page,
          }),
      });
    },
  }),
);

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

/** The payload `{ invitation }` of the mutations below. */
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

const CreateInvitationLinkSuccess = builder
  .objectRef<{ invitation: Invitation; link: string }>('CreateInvitationLinkSuccess')
  .implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      invitation: t.field({ type: InvitationType, resolve: ({ invitation }) => invitation }),
      link: t.exposeString('link', {
        description: 'Contains a token. It is returned only once, because only its hash is stored.',
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

builder.mutationField('createInvitationLink', (t) =>
  t.field({
    type: CreateInvitationLinkSuccess,
    nullable: true,
    description:
      'Creates a link for an open invitation, to be passed on by other means than email. It can be used once, until the invitation expires, by the account with the invited address, but it does not verify the address. It replaces the previous link of this kind. The mailed link keeps working. Requires the same role as the invitation.',
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('CreateInvitationLinkInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: (_root, { input }, context) => context.services.invitations.createLink(context, input),
  }),
);

builder.mutationField('acceptReceivedInvitation', (t) =>
  t.field({
    type: invitationSuccess('AcceptReceivedInvitationSuccess', ['justAccepted']),
    nullable: true,
    description:
      "Adds the signed-in user to the organization, like `acceptInvitation`, without the token. The user's email address must match the invitation and be verified.",
    authScopes: { user: true },
    errors: { types: [NotFoundError, AlreadyMemberError, LimitReachedError] },
    args: {
      input: t.arg({
        type: builder.inputType('AcceptReceivedInvitationInput', {
          fields: (f) => ({ id: f.id() }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      invitation: await context.services.invitations.acceptReceived(context, input),
    }),
  }),
);

builder.mutationField('declineInvitation', (t) =>
  t.field({
    type: okSuccess('DeclineInvitationSuccess'),
    nullable: true,
    description:
      "Revokes an open invitation to the signed-in user's verified email address. Its links stop working immediately.",
    authScopes: { user: true },
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('DeclineInvitationInput', { fields: (f) => ({ id: f.id() }) }),
      }),
    },
    resolve: async (_root, { input }, context) => {
      await context.services.invitations.decline(context, input);
      return { ok: true } as const;
    },
  }),
);
