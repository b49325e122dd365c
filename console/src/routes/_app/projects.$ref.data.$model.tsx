import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, notFound, redirect } from '@tanstack/react-router';

import { modelNamed } from '#console/domain/models/project-models.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { can, whyNot } from '#console/domain/permissions.ts';
import { projectQuery } from '#console/domain/project.queries.ts';
import { DataPage } from '#console/features/data/data-page.tsx';
import { dataSearch } from '#console/features/data/data-search.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/$model')({
  validateSearch: dataSearch,
  loader: async ({ context: { queryClient, project }, params: { ref, model: name } }) => {
    if (project.schema === null) throw redirect({ to: '/projects/$ref/data', params: { ref } });
    const query = projectModelsQuery(ref, project.schema.version);
    if (modelNamed(await ensure(queryClient, query), name) === null) throw notFound();
    return { schemaVersion: project.schema.version };
  },
  head: ({ match, params }) => ({
    meta: [{ title: pageTitle(params.model, match.context.project.name) }],
  }),
  component: ModelPage,
});

function ModelPage() {
  const { ref, model: name } = Route.useParams();
  const { schemaVersion } = Route.useLoaderData();
  const { data: project } = useSuspenseQuery(projectQuery(ref));
  const { data: models } = useSuspenseQuery(projectModelsQuery(ref, schemaVersion));
  const model = modelNamed(models, name);
  if (project === null || model === null) throw notFound();
  const mayWrite = can(project.viewerCan, 'data:write');
  return (
    <DataPage
      key={name}
      source={{ ref, models, model }}
      readOnlyReason={mayWrite ? null : whyNot(project.organization.viewerRole, 'data:write')}
    />
  );
}
