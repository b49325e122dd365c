import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  CreateProjectDocument,
  DashboardProjectsDocument,
  type DashboardProjectsQueryVariables,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { type CursorPage, pageArguments } from '#console/lib/cursor-page.ts';

const pageSize = 20;

export const dashboardProjectsQuery = (slug: string, page: CursorPage) =>
  queryOptions({
    queryKey: queryKeys.organization.dashboardProjects(slug, page),
    queryFn: async () => {
      const variables: DashboardProjectsQueryVariables = { slug, ...pageArguments(page, pageSize) };
      return (await request(DashboardProjectsDocument, variables)).organization?.projects ?? null;
    },
    placeholderData: keepPreviousData,
  });

export async function createProject(input: {
  readonly organizationId: string;
  readonly name: string;
  readonly slug?: string;
}) {
  const data = await request(CreateProjectDocument, { input });
  return expectSuccess(data.createProject, 'CreateProjectSuccess').project;
}
