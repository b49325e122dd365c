import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { auditSentence } from '#console/domain/audit-words.ts';
import { can, whyNot } from '#console/domain/permissions.ts';
import type { ProjectAuditQuery, Role } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';
import { Time } from '#console/ui/time.tsx';

import { latestAuditQuery } from './overview.queries.ts';

interface LatestAuditCardProps {
  readonly organization: {
    readonly slug: string;
    readonly viewerRole: Role | null;
    readonly viewerCan: readonly string[];
  };
  readonly projectRef: string;
}

export function LatestAuditCard({ organization, projectRef }: LatestAuditCardProps) {
  const mayRead = can(organization.viewerCan, 'audit:read');
  return (
    <Card aria-labelledby="latest-audit">
      <CardHeader
        title="Latest changes"
        titleId="latest-audit"
        actions={
          mayRead && (
            <Link
              to="/orgs/$slug/audit"
              params={{ slug: organization.slug }}
              className="text-[0.8125rem] font-medium text-accent underline underline-offset-2"
            >
              Audit log
            </Link>
          )
        }
      />
      <CardBody>
        {mayRead ? (
          <Entries slug={organization.slug} projectRef={projectRef} />
        ) : (
          <p className="text-quiet">{whyNot(organization.viewerRole, 'audit:read')}</p>
        )}
      </CardBody>
    </Card>
  );
}

function Entries({ slug, projectRef }: { slug: string; projectRef: string }) {
  const { data, error, refetch } = useQuery(latestAuditQuery(slug, projectRef));
  if (error !== null && data === undefined) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>{explainError(error)}</p>
        <Button size="sm" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  if (data === undefined) return <Skeleton className="w-2/3" />;
  if (data.length === 0) return <p className="text-quiet">No changes yet.</p>;
  return (
    <ul className="divide-y divide-line">
      {data.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </ul>
  );
}

type AuditEntry = NonNullable<ProjectAuditQuery['organization']>['auditLog']['nodes'][number];

function Entry({ entry }: { entry: AuditEntry }) {
  const { actor, at } = entry;
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="wrap-anywhere">
        <span className="font-medium">{actor.label ?? actor.kind.toLowerCase()}</span>{' '}
        {auditSentence(entry)}
      </p>
      <Time value={at} className="text-[0.8125rem] text-quiet" />
    </li>
  );
}
