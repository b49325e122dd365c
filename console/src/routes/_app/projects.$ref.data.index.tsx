import { createFileRoute, redirect } from '@tanstack/react-router';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { NoSchema } from '#console/features/data/no-schema.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/')({
  // Redirect to the first model if there is one.
  beforeLoad: async ({ context: { queryClient, project }, params: { ref } }) => {
    if (project.schema === null) return;
    const [first] = await ensure(queryClient, projectModelsQuery(ref, project.schema.version));
    if (first === undefined) return;
    throw redirect({
      to: '/projects/$ref/data/$model',
      params: { ref, model: first.name },
      search: {},
      replace: true,
    });
  },
  head: ({ match }) => ({ meta: [{ title: pageTitle('Data', match.context.project.name) }] }),
  component: NoModels,
});

function NoModels() {
  return <NoSchema projectRef={Route.useParams().ref} />;
}
