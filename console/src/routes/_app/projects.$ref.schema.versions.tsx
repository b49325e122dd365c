import { createFileRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { VersionsPage } from '#console/features/schema/versions/versions-page.tsx';
import { versionListQuery } from '#console/features/schema/versions/versions.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { searchParam } from '#console/lib/search-param.ts';

const number = searchParam(z.int().check(z.positive()));
/** The version to show, or `from` and `to` to compare; the newest version by default. */
const search = z.object({ version: number, from: number, to: number });

export const Route = createFileRoute('/_app/projects/$ref/schema/versions')({
  validateSearch: search,
  loader: async ({ context: { queryClient, project }, params: { ref } }) => {
    await Promise.all([
      ensure(queryClient, projectSchemaQuery(ref)),
      queryClient.infiniteQuery({ ...versionListQuery(ref), staleTime: 'static' }),
    ]);
    return { name: project.name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Schema versions', loaderData?.name) }] }),
  component: VersionsRoute,
});

function VersionsRoute() {
  const { ref } = Route.useParams();
  const { version, from, to } = Route.useSearch();
  return <VersionsPage projectRef={ref} version={version} from={from} to={to} />;
}
