import { Skeleton, SkeletonRows } from '#console/ui/skeleton.tsx';

/** Stands while a page loads that has no picture of its own. */
export function PendingPage() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto w-full max-w-6xl px-4 py-8 sm:px-6">
      <Skeleton className="mb-8 h-7 w-48" />
      <SkeletonRows />
    </div>
  );
}
