import { Skeleton } from '#console/ui/skeleton.tsx';

export const ExplorerLoading = () => (
  <div role="status" className="space-y-3 p-6">
    <span className="sr-only">Loading the explorer</span>
    <Skeleton className="w-1/3" />
    <Skeleton className="w-1/2" />
    <Skeleton className="w-1/4" />
  </div>
);
