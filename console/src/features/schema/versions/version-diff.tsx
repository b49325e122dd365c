import { useSuspenseQueries } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';

import { Card, CardHeader } from '#console/ui/card.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';

import { ComparePicker } from './compare-picker.tsx';
import { NoVersion } from './no-version.tsx';
import { versionQuery } from './versions.queries.ts';

const SdlDiff = lazy(() => import('./sdl-diff.tsx'));

interface VersionDiffProps {
  readonly projectRef: string;
  readonly newest: number;
  readonly from: number;
  readonly to: number;
}

/** The diff between two versions. */
export function VersionDiff({ projectRef, newest, from, to }: VersionDiffProps) {
  const [{ data: before }, { data: after }] = useSuspenseQueries({
    queries: [versionQuery(projectRef, from), versionQuery(projectRef, to)],
  });
  if (before === null) return <NoVersion number={from} />;
  if (after === null) return <NoVersion number={to} />;
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={`From version ${from} to version ${to}`}
        {...(before.sdl === after.sdl ? { description: 'Both versions have the same text.' } : {})}
        actions={<ComparePicker projectRef={projectRef} newest={newest} from={from} to={to} />}
        className="pb-4"
      />
      <div className="h-[75dvh] overflow-hidden border-t border-line">
        <Suspense fallback={<Skeleton className="m-4 w-1/3" />}>
          <SdlDiff
            before={before.sdl}
            after={after.sdl}
            beforeLabel={`Schema of version ${from}`}
            afterLabel={`Schema of version ${to}`}
          />
        </Suspense>
      </div>
    </Card>
  );
}
