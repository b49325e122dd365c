import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { countOf } from '#console/lib/count-of.ts';
import { Button } from '#console/ui/button.tsx';
import { Time } from '#console/ui/time.tsx';

import { hazardOrder } from '../plan/hazards.ts';
import { HazardBadge } from '../plan/plan-steps.tsx';
import { versionListQuery, type VersionSummary } from './versions.queries.ts';

interface VersionListProps {
  readonly projectRef: string;
  /** The number of the version shown; null when two versions are compared. */
  readonly shown: number | null;
}

/** All applied schemas, newest first. */
export function VersionList({ projectRef, shown }: VersionListProps) {
  const list = useSuspenseInfiniteQuery(versionListQuery(projectRef));
  const versions = list.data.pages.flatMap(({ edges }) => edges.map(({ node }) => node));
  return (
    <nav aria-label="Versions" className="min-w-0">
      <ol className="overflow-hidden rounded-lg border border-line bg-surface shadow-xs divide-y divide-line">
        {versions.map((version) => (
          <VersionItem
            key={version.id}
            projectRef={projectRef}
            version={version}
            isShown={version.number === shown}
          />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          size="sm"
          className="mt-3"
          isLoading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show older versions
        </Button>
      )}
    </nav>
  );
}

interface VersionItemProps {
  readonly projectRef: string;
  readonly version: VersionSummary;
  readonly isShown: boolean;
}

function VersionItem({ projectRef, version, isShown }: VersionItemProps) {
  const { number, appliedAt, appliedBy, plan } = version;
  return (
    <li>
      <Link
        to="/projects/$ref/schema/versions"
        params={{ ref: projectRef }}
        search={{ version: number }}
        aria-current={isShown ? 'true' : undefined}
        className="block space-y-1 border-l-2 border-transparent px-4 py-3 -outline-offset-2 hover:bg-sunken aria-[current=true]:border-accent aria-[current=true]:bg-accent-soft/60"
      >
        <span className="flex items-baseline justify-between gap-3">
          <span className="font-semibold">Version {number}</span>
          <span className="text-[0.8125rem] text-quiet">
            <Time value={appliedAt} />
          </span>
        </span>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] text-quiet">
          <span className="min-w-0 wrap-anywhere">{appliedBy.label ?? 'unknown user'}</span>
          <span>{countOf(plan.steps.length, 'step')}</span>
          {hazardOrder
            .filter((hazard) => plan.hazards.includes(hazard))
            .map((hazard) => (
              <HazardBadge key={hazard} hazard={hazard} />
            ))}
        </span>
      </Link>
    </li>
  );
}
