import { createFileRoute, redirect } from '@tanstack/react-router';

import { NoSchema } from '#console/features/data/no-schema.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { projectModelQuery } from '#console/lib/model/project-model.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/')({
  // The first type, if there is one.
  beforeLoad: async ({ context: { queryClient, project }, params: { ref } }) => {
    if (project.schema === null) return;
    const { types } = await ensure(queryClient, projectModelQuery(ref, project.schema.version));
    const [first] = types;
    if (first === undefined) return;
    throw redirect({
      to: '/projects/$ref/data/$model',
      params: { ref, model: first.name },
      search: {},
      replace: true,
    });
  },
  head: ({ match }) => ({ meta: [{ title: pageTitle('Data', match.context.project.name) }] }),
  component: NoTypes,
});

function NoTypes() {
  return <NoSchema projectRef={Route.useParams().ref} />;
}
