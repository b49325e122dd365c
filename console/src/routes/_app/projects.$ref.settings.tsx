import { createFileRoute } from '@tanstack/react-router';

import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { accessSettingsQuery } from '#console/features/settings/access/access-settings.queries.ts';
import { ProjectSettingsPage } from '#console/features/settings/project-settings-page.tsx';
import { projectSettingsSearch } from '#console/features/settings/settings-search.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/settings')({
  validateSearch: projectSettingsSearch,
  loader: async ({ context: { queryClient, project } }) => {
    await Promise.all([
      ensure(queryClient, accessSettingsQuery(project.ref)),
      ensure(queryClient, projectSchemaQuery(project.ref)),
    ]);
    return { name: project.name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Settings', loaderData?.name) }] }),
  component: SettingsRoute,
});

function SettingsRoute() {
  return <ProjectSettingsPage projectRef={Route.useParams().ref} />;
}
