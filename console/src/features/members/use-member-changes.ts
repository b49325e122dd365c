import { hashKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { organizationQuery } from '#console/domain/organization.queries.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import {
  ChangeMemberRoleDocument,
  LeaveFromMembersDocument,
  RemoveMemberDocument,
  type MemberRowFragment,
  type Role,
} from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

import { roleName } from './roles.ts';

interface Organization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** The mutations for an organization's members. Each of them also updates the cache. */
export function useMemberChanges({ id, slug, name }: Organization) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: queryKeys.organization.members(slug) });

  const changeRole = useMutation({
    mutationFn: async ({ member, role }: RoleChange) => {
      const data = await request(ChangeMemberRoleDocument, { input: { id: member.id, role } });
      expectSuccess(data.changeMemberRole, 'ChangeMemberRoleSuccess');
    },
    onSuccess: async (_, { member, role, isSelf }) => {
      toast.success(`${isSelf ? 'You are' : `${member.user.name} is`} now ${withArticle(role)}.`);
      // The viewer's own role has changed, so cached permissions are stale everywhere.
      if (isSelf) {
        // Refetch the organization first, because its permissions decide what is shown. Skip the invitations: the new
        // role might not allow reading them, and they do not depend on the viewer's role.
        await queryClient.invalidateQueries({ ...organizationQuery(slug), exact: true });
        const invitations = hashKey(queryKeys.organization.invitations(slug));
        await queryClient.invalidateQueries({
          predicate: ({ queryHash }) => queryHash !== invitations,
        });
      } else await refresh();
    },
    onError: (error) => toast.error(explainError(error)),
  });

  const remove = useMutation({
    mutationFn: async (member: MemberRowFragment) => {
      const data = await request(RemoveMemberDocument, { input: { id: member.id } });
      expectSuccess(data.removeMember, 'RemoveMemberSuccess');
    },
    onSuccess: async (_, member) => {
      toast.success(`${member.user.name} was removed.`);
      await refresh();
    },
  });

  const leave = useMutation({
    mutationFn: async () => {
      const data = await request(LeaveFromMembersDocument, { input: { id } });
      expectSuccess(data.leaveOrganization, 'LeaveOrganizationSuccess');
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries(viewerQuery);
      // Leave the organization's pages before removing its data, because they cannot render without it.
      await navigate({ to: '/', replace: true });
      queryClient.removeQueries({ queryKey: queryKeys.organization.one(slug) });
      queryClient.removeQueries({ queryKey: queryKeys.project.all });
      toast.success(`Your membership in ${name} has ended.`);
    },
  });

  return { changeRole, remove, leave };
}

export type MemberChanges = ReturnType<typeof useMemberChanges>;

interface RoleChange {
  readonly member: MemberRowFragment;
  readonly role: Role;
  readonly isSelf: boolean;
}

const withArticle = (role: Role): string =>
  `${role === 'OWNER' || role === 'ADMIN' ? 'an' : 'a'} ${roleName[role].toLowerCase()}`;
