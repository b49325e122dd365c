import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Lock, ScrollText } from 'lucide-react';

import { organizationQuery } from '#console/domain/organization.queries.ts';
import { can, whyNot } from '#console/domain/permissions.ts';
import { countOf } from '#console/lib/count-of.ts';
import { pagesBeside, type CursorPage } from '#console/lib/cursor-page.ts';
import { Button, buttonClass } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';
import { Pager } from '#console/ui/pager.tsx';

import { AuditFilters } from './audit-filters.tsx';
import { isFiltered } from './audit-search.ts';
import { AuditTable } from './audit-table.tsx';
import { auditLogQuery } from './audit.queries.ts';

const route = getRouteApi('/_app/orgs/$slug/audit');

/** An organization's audit log. */
export function AuditPage({ slug }: { slug: string }) {
  const { data: organization } = useSuspenseQuery(organizationQuery(slug));
  // Null only while navigating away: the layout route has already checked that the organization exists.
  if (organization === null) return null;
  return (
    <Page
      title="Audit log"
      description={`Who changed what in ${organization.name}, when, and from which IP address.`}
    >
      {can(organization.viewerCan, 'audit:read') ? (
        <Log slug={slug} />
      ) : (
        <EmptyState
          icon={Lock}
          title="Not available for your role"
          description={whyNot(organization.viewerRole, 'audit:read')}
          action={
            <Link to="/orgs/$slug/members" params={{ slug }} className={buttonClass()}>
              View members
            </Link>
          }
        />
      )}
    </Page>
  );
}

function Log({ slug }: { slug: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: log } = useSuspenseQuery(auditLogQuery(slug, search));
  if (log === null) return null;
  const { nodes, totalCount, pageInfo } = log;
  const { previous, next } = pagesBeside(pageInfo);
  const turn = (page: CursorPage | null) =>
    void navigate({ search: { ...search, after: undefined, before: undefined, ...page } });
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <AuditFilters slug={slug} entries={nodes} />
      {nodes.length === 0 ? (
        <EmptyState
          icon={ScrollText}
          title={isFiltered(search) ? 'No matching entries' : 'No changes yet'}
          description="Changes to members, projects, keys and schemas appear here."
          action={
            isFiltered(search) && (
              <Button onClick={() => void navigate({ search: {} })}>Show all entries</Button>
            )
          }
        />
      ) : (
        <AuditTable slug={slug} entries={nodes} />
      )}
      <Pager
        name="Audit log pagination"
        label={countOf(totalCount, 'entry', 'entries')}
        hasPrevious={previous !== null}
        hasNext={next !== null}
        onPrevious={() => turn(previous)}
        onNext={() => turn(next)}
      />
    </div>
  );
}
