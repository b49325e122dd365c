import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, notFound, redirect } from '@tanstack/react-router';

import { can, whyNot } from '#console/components/permissions.ts';
import { projectQuery } from '#console/components/project.queries.ts';
import { DataPage } from '#console/features/data/data-page.tsx';
import { dataSearch } from '#console/features/data/data-search.ts';
import { typeNamed } from '#console/lib/model/data-model.ts';
import { ensure } from '#console/lib/query-client.ts';
import { projectModelQuery } from '#console/lib/model/project-model.ts';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/$model')({
  validateSearch: dataSearch,
  loader: async ({ context: { queryClient, project }, params: { ref, model } }) => {
    if (project.schema === null) throw redirect({ to: '/projects/$ref/data', params: { ref } });
    const query = projectModelQuery(ref, project.schema.version);
    const type = typeNamed(await ensure(queryClient, query), model);
    if (type === null) throw notFound();
    return { schemaVersion: project.schema.version };
  },
  head: ({ match, params }) => ({
    meta: [{ title: pageTitle(params.model, match.context.project.name) }],
  }),
  component: TypePage,
});

function TypePage() {
  const { ref, model: name } = Route.useParams();
  const { schemaVersion } = Route.useLoaderData();
  const { data: project } = useSuspenseQuery(projectQuery(ref));
  const { data: model } = useSuspenseQuery(projectModelQuery(ref, schemaVersion));
  const type = typeNamed(model, name);
  if (project === null || type === null) throw notFound();
  const mayWrite = can(project.viewerCan, 'data:write');
  return (
    <DataPage
      key={name}
      source={{ ref, model, type }}
      readOnlyReason={mayWrite ? null : whyNot(project.organization.viewerRole, 'data:write')}
    />
  );
}
