import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  OrganizationInvitationsDocument,
  OrganizationMembersDocument,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { pageArguments } from '#console/lib/cursor-page.ts';

import type { MembersSearch } from './members-search.ts';

const pageSize = 20;

/** One page of an organization's members; null if the viewer is not a member. */
export const membersQuery = (slug: string, { role, after, before }: MembersSearch) =>
  queryOptions({
    queryKey: queryKeys.organization.membersPage(slug, { role, after, before }),
    queryFn: async () => {
      const page = pageArguments({ after, before }, pageSize);
      const variables = { slug, ...page, ...(role !== undefined && { role }) };
      return (await request(OrganizationMembersDocument, variables)).organization;
    },
  });

/** All open invitations. They fit on one page, because the page size is also the maximum number of open invitations. */
export const invitationsQuery = (slug: string) =>
  queryOptions({
    queryKey: queryKeys.organization.invitations(slug),
    queryFn: async () =>
      (await request(OrganizationInvitationsDocument, { slug })).organization?.invitations.nodes ??
      [],
  });
