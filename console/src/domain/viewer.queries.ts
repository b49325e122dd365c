import { queryOptions } from '@tanstack/react-query';

import { ViewerDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

import { queryKeys } from './query-keys.ts';

/** The signed-in user, with the organizations that they can switch between. */
export const viewerQuery = queryOptions({
  queryKey: queryKeys.viewer.one,
  queryFn: async () => (await request(ViewerDocument)).viewer,
});
