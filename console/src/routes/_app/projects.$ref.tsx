import { createFileRoute, notFound, Outlet } from '@tanstack/react-router';

import { projectQuery } from '#console/domain/project.queries.ts';
import { NotFoundPage } from '#console/features/shell/not-found-page.tsx';
import { rememberOrganization } from '#console/lib/last-organization.ts';
import { ensure } from '#console/lib/query-client.ts';

/**
 * Loads the project. In child routes, `useSuspenseQuery(projectQuery(ref))` returns it from the cache and is never
 * null.
 */
export const Route = createFileRoute('/_app/projects/$ref')({
  beforeLoad: async ({ context: { queryClient }, params: { ref } }) => {
    const project = await ensure(queryClient, projectQuery(ref));
    if (project === null) throw notFound();
    return { project };
  },
  loader: ({ context: { project } }) => rememberOrganization(project.organization.slug),
  component: Outlet,
  notFoundComponent: NotFoundPage,
});
