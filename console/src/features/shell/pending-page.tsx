import { Skeleton, SkeletonRows } from '#console/ui/skeleton.tsx';

/** The loading state for pages that do not define their own. */
export function PendingPage() {
  return (
    <main
      id="main"
      aria-label="Loading"
      className="mx-auto w-full max-w-6xl px-8 py-7 max-lg:px-6 max-sm:px-4 max-sm:py-5"
    >
      <Skeleton className="mb-8 h-7 w-48" />
      <SkeletonRows />
    </main>
  );
}
