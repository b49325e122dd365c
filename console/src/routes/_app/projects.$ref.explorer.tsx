import { createFileRoute } from '@tanstack/react-router';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { ExplorerPage } from '#console/features/explorer/explorer-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/explorer')({
  loader: async ({ context: { queryClient, project }, params: { ref } }) => {
    if (project.schema === null) return;
    // Loaded when it is needed, because every page loads the routes.
    const { viewAsOf } = await import('#console/domain/view-as.ts');
    await ensure(queryClient, projectModelsQuery(ref, project.schema.version, viewAsOf(project)));
  },
  head: ({ match }) => ({
    meta: [{ title: pageTitle('API explorer', match.context.project.name) }],
  }),
  component: Explorer,
});

function Explorer() {
  return <ExplorerPage projectRef={Route.useParams().ref} />;
}
