import { createFileRoute } from '@tanstack/react-router';

import { ProjectSettingsPage } from '#console/features/settings/project-settings-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_app/projects/$ref/settings')({
  loader: ({ context: { project } }) => ({ name: project.name }),
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Settings', loaderData?.name) }] }),
  component: SettingsRoute,
});

function SettingsRoute() {
  return <ProjectSettingsPage projectRef={Route.useParams().ref} />;
}
