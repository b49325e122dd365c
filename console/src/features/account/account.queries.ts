import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  AccountLogDocument,
  ViewerSessionsDocument,
  type AccountLogQuery,
  type ViewerSessionsQuery,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { pageArguments, type CursorPage } from '#console/lib/cursor-page.ts';

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

export type AccountEntry = NonNullable<
  NonNullable<AccountLogQuery['viewer']>['auditLog']
>['nodes'][number];

const logPageSize = 10;

/** One page of the log of the user's account, newest first. */
export const accountLogQuery = ({ after, before }: CursorPage) =>
  queryOptions({
    queryKey: queryKeys.viewer.logPage({ after, before }),
    queryFn: async () => {
      const variables = pageArguments({ after, before }, logPageSize);
      return (await request(AccountLogDocument, variables)).viewer?.auditLog ?? null;
    },
    // Another device or another person can cause an entry at any time.
    staleTime: 0,
  });
