import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, notFound, redirect } from '@tanstack/react-router';

import {
  useActiveViewAs,
  viewAsReadOnlyReason,
} from '#console/components/view-as/view-as-control.tsx';
import { modelNamed } from '#console/domain/models/project-models.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { can, whyNot } from '#console/domain/permissions.ts';
import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import { DataPage } from '#console/features/data/data-page.tsx';
import { NothingVisible } from '#console/features/data/nothing-visible.tsx';
import { dataSearch } from '#console/features/data/data-search.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/data/$model')({
  validateSearch: dataSearch,
  loader: async ({ context: { queryClient, project }, params: { ref, model: name } }) => {
    if (project.schema === null) throw redirect({ to: '/projects/$ref/data', params: { ref } });
    // Loaded when it is needed, because every page loads the routes.
    const { viewAsOf } = await import('#console/domain/view-as.ts');
    const viewAs = viewAsOf(project);
    const models = await ensure(
      queryClient,
      projectModelsQuery(ref, project.schema.version, viewAs),
    );
    if (modelNamed(models, name) === null && viewAs === null) throw notFound();
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
  if (project === null) throw notFound();
  return <ModelOf key={name} project={project} schemaVersion={schemaVersion} name={name} />;
}

interface ModelOfProps {
  readonly project: Project;
  readonly schemaVersion: number;
  readonly name: string;
}

function ModelOf({ project, schemaVersion, name }: ModelOfProps) {
  const { ref, viewerCan, organization } = project;
  const viewAs = useActiveViewAs(project);
  const { data: models } = useSuspenseQuery(projectModelsQuery(ref, schemaVersion, viewAs));
  const model = modelNamed(models, name);
  if (model === null) {
    if (viewAs === null) throw notFound();
    return <NothingVisible {...{ project, models, viewAs }} model={name} />;
  }
  const ownReason = can(viewerCan, 'data:write')
    ? null
    : whyNot(organization.viewerRole, 'data:write');
  return (
    <DataPage
      // Remounted for each caller, because the selection is of rows that the previous one saw.
      key={viewAs}
      project={project}
      source={{ ref, models, model, viewAs }}
      readOnlyReason={viewAs === null ? ownReason : viewAsReadOnlyReason}
    />
  );
}
