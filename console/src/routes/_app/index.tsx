import { createFileRoute, redirect } from '@tanstack/react-router';

import { lastOrganization } from '#console/lib/last-organization.ts';

/** Redirects to the organization that was viewed last, to the first organization, or to the welcome page. */
export const Route = createFileRoute('/_app/')({
  beforeLoad: ({ context: { viewer } }) => {
    const { nodes } = viewer.organizations;
    const last = lastOrganization();
    const home = nodes.find(({ slug }) => slug === last) ?? nodes[0];
    throw home === undefined
      ? redirect({ to: '/welcome', replace: true })
      : redirect({ to: '/orgs/$slug', params: { slug: home.slug }, replace: true });
  },
});
