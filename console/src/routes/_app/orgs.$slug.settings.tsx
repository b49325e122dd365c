import { createFileRoute } from '@tanstack/react-router';

import { OrganizationSettingsPage } from '#console/features/settings/organization-settings-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_app/orgs/$slug/settings')({
  loader: ({ context: { organization } }) => ({ name: organization.name }),
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Settings', loaderData?.name) }] }),
  component: SettingsRoute,
});

function SettingsRoute() {
  return <OrganizationSettingsPage slug={Route.useParams().slug} />;
}
