import { createFileRoute, notFound, Outlet } from '@tanstack/react-router';

import { organizationQuery } from '#console/domain/organization.queries.ts';
import { NotFoundPage } from '#console/features/shell/not-found-page.tsx';
import { rememberOrganization } from '#console/lib/last-organization.ts';
import { ensure } from '#console/lib/query-client.ts';

/**
 * Loads the organization. In child routes, `useSuspenseQuery(organizationQuery(slug))` returns it from the cache and is
 * never null.
 */
export const Route = createFileRoute('/_app/orgs/$slug')({
  beforeLoad: async ({ context: { queryClient }, params: { slug } }) => {
    const organization = await ensure(queryClient, organizationQuery(slug));
    if (organization === null) throw notFound();
    return { organization };
  },
  loader: ({ params: { slug } }) => rememberOrganization(slug),
  component: Outlet,
  notFoundComponent: NotFoundPage,
});
