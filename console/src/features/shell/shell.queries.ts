import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { ShellProjectsDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The first page of projects, for the switcher. */
export const switcherProjectsQuery = (slug: string) =>
  queryOptions({
    queryKey: queryKeys.organization.switcherProjects(slug),
    queryFn: async () =>
      (await request(ShellProjectsDocument, { slug })).organization?.projects ?? {
        totalCount: 0,
        nodes: [],
      },
  });
