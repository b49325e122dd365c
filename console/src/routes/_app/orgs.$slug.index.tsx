import { createFileRoute, notFound } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { DashboardPage } from '#console/features/dashboard/dashboard-page.tsx';
import { DashboardSkeleton } from '#console/features/dashboard/dashboard-skeleton.tsx';
import { dashboardProjectsQuery } from '#console/features/dashboard/dashboard.queries.ts';
import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { searchParam } from '#console/lib/search-param.ts';

export const Route = createFileRoute('/_app/orgs/$slug/')({
  validateSearch: z.object({
    ...cursorPageSearch,
    /** Whether the dialog for a new project is open. */
    create: searchParam(z.literal(true)),
  }),
  loaderDeps: ({ search: { after, before } }) => ({ after, before }),
  loader: async ({ context: { queryClient }, params: { slug }, deps }) => {
    if ((await ensure(queryClient, dashboardProjectsQuery(slug, deps))) === null) throw notFound();
  },
  head: ({ match }) => ({
    meta: [{ title: pageTitle('Projects', match.context.organization.name) }],
  }),
  component: Dashboard,
  pendingComponent: DashboardSkeleton,
});

function Dashboard() {
  const { create, after, before } = Route.useSearch();
  return (
    <DashboardPage
      slug={Route.useParams().slug}
      page={{ after, before }}
      isCreating={create === true}
    />
  );
}
