import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { ViewerSessionsDocument, type ViewerSessionsQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

export type UserSession = NonNullable<ViewerSessionsQuery['viewer']>['sessions']['nodes'][number];

/** All of the viewer's sessions (at most 100): the current one first, then the most recently used. */
export const userSessionsQuery = queryOptions({
  queryKey: queryKeys.viewer.sessions,
  queryFn: async () => (await request(ViewerSessionsDocument)).viewer?.sessions.nodes ?? [],
  select: (sessions) =>
    sessions.toSorted(
      (a, b) =>
        Number(b.current) - Number(a.current) ||
        Date.parse(b.lastUsedAt) - Date.parse(a.lastUsedAt),
    ),
});
