import { createFileRoute } from '@tanstack/react-router';

import { can } from '#console/domain/permissions.ts';
import { MembersPage } from '#console/features/members/members-page.tsx';
import { membersSearch } from '#console/features/members/members-search.ts';
import { invitationsQuery, membersQuery } from '#console/features/members/members.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/orgs/$slug/members')({
  validateSearch: membersSearch,
  loaderDeps: ({ search: { role, after, before } }) => ({ role, after, before }),
  loader: async ({ context: { queryClient, organization }, deps }) => {
    const { slug, name, viewerCan } = organization;
    await Promise.all([
      ensure(queryClient, membersQuery(slug, deps)),
      can(viewerCan, 'invitation:read') && ensure(queryClient, invitationsQuery(slug)),
    ]);
    return { name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Members', loaderData?.name) }] }),
  component: MembersRoute,
});

function MembersRoute() {
  return <MembersPage slug={Route.useParams().slug} />;
}
