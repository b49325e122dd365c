import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, notFound, redirect } from '@tanstack/react-router';

import { useActiveViewAs } from '#console/components/view-as/view-as-control.tsx';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import { NothingVisible } from '#console/features/data/nothing-visible.tsx';
import { NoSchema } from '#console/features/data/no-schema.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/')({
  // Redirect to the first model if there is one.
  beforeLoad: async ({ context: { queryClient, project }, params: { ref } }) => {
    if (project.schema === null) return;
    // Loaded when it is needed, because every page loads the routes.
    const { viewAsOf } = await import('#console/domain/view-as.ts');
    const query = projectModelsQuery(ref, project.schema.version, viewAsOf(project));
    const [first] = await ensure(queryClient, query);
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
  const { ref } = Route.useParams();
  const { data: project } = useSuspenseQuery(projectQuery(ref));
  if (project === null) throw notFound();
  return <NoModelsOf project={project} />;
}

function NoModelsOf({ project }: { project: Project }) {
  const viewAs = useActiveViewAs(project);
  if (viewAs === null) return <NoSchema projectRef={project.ref} />;
  return <NothingVisible project={project} model={null} models={[]} viewAs={viewAs} />;
}
