import { createFileRoute } from '@tanstack/react-router';

import { can } from '#console/domain/permissions.ts';
import { AuditPage } from '#console/features/audit/audit-page.tsx';
import { auditSearch } from '#console/features/audit/audit-search.ts';
import { auditChoicesQuery, auditLogQuery } from '#console/features/audit/audit.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/orgs/$slug/audit')({
  validateSearch: auditSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ context: { queryClient, organization }, deps }) => {
    const { slug, name, viewerCan } = organization;
    if (can(viewerCan, 'audit:read')) {
      await Promise.all([
        ensure(queryClient, auditLogQuery(slug, deps)),
        ensure(queryClient, auditChoicesQuery(slug)),
      ]);
    }
    return { name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Audit log', loaderData?.name) }] }),
  component: AuditRoute,
});

function AuditRoute() {
  return <AuditPage slug={Route.useParams().slug} />;
}
