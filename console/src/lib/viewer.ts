import { queryOptions } from '@tanstack/react-query';

import { ViewerDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The signed-in user, with the organizations that they may switch between. */
export const viewerQuery = queryOptions({
  queryKey: ['viewer'],
  queryFn: async () => (await request(ViewerDocument)).viewer,
});
