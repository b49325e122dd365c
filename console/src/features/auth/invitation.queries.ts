import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { InvitationPreviewDocument, type InvitationPreviewQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

export type InvitationPreview = NonNullable<InvitationPreviewQuery['invitation']>;

/** The public details of the invitation with this token; null if it is no longer open. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: queryKeys.invitation(token),
    queryFn: async () => (await request(InvitationPreviewDocument, { token })).invitation,
  });
