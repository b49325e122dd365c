import { useSuspenseQuery } from '@tanstack/react-query';

import { byteSize } from '#console/lib/byte-size.ts';
import { Alert } from '#console/ui/alert.tsx';
import { cn } from '#console/ui/cn.ts';
import { DocsLink } from '#console/ui/docs-link.tsx';

import { storageQuery, type Storage } from './overview.queries.ts';

/** From this share of the maximum, the meter warns. */
const nearlyFull = 0.8;

/** The size of a project's data, with a meter if the project has a maximum size. */
export function StorageFacts({ projectRef }: { projectRef: string }) {
  const { data: storage } = useSuspenseQuery(storageQuery(projectRef));
  if (storage === null || storage.measuredAt === null) return 'Not measured yet';
  const { usedBytes, quotaBytes } = storage;
  if (quotaBytes === null) return byteSize(usedBytes);
  return (
    <div className="space-y-1.5">
      <p className="tabular-nums">{usedOf(usedBytes, quotaBytes)}</p>
      <Meter used={usedBytes} max={quotaBytes} />
    </div>
  );
}

/** Explains why writes fail. Shown only for a project that has reached its maximum size. */
export function StorageAlert({ projectRef }: { projectRef: string }) {
  const { data: storage } = useSuspenseQuery(storageQuery(projectRef));
  if (storage?.isFull !== true) return null;
  return (
    <Alert tone="danger" title="The project has reached its maximum size">
      Its API accepts only reads and deletions. Delete rows or remove models, or ask the operator
      for more space. <DocsLink page="fullProject">How space is freed</DocsLink>
    </Alert>
  );
}

function usedOf(used: number, max: number): string {
  return `${byteSize(used)} of ${byteSize(max)}`;
}

function Meter({ used, max }: { used: Storage['usedBytes']; max: number }) {
  const share = max === 0 ? 1 : Math.min(1, used / max);
  const tone = share >= 1 ? 'bg-danger' : share >= nearlyFull ? 'bg-warning' : 'bg-accent';
  return (
    <div
      role="meter"
      aria-label="Space used"
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(used, max)}
      aria-valuetext={usedOf(used, max)}
      className="h-2 w-full overflow-hidden rounded-full border border-line bg-line"
    >
      <div className={cn('h-full rounded-full', tone)} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
