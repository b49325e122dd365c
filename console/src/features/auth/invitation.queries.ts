import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { InvitationPreviewDocument, type InvitationPreviewQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

export type InvitationPreview = NonNullable<InvitationPreviewQuery['invitation']>;

/** What an open invitation tells whoever has its link; null for one that is not open any more. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: queryKeys.invitation(token),
    queryFn: async () => (await request(InvitationPreviewDocument, { token })).invitation,
  });
