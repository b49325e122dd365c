import { Page } from '#console/ui/page.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';

export function DashboardSkeleton() {
  return (
    <Page title="Projects" description={<Skeleton className="mt-1.5 w-80 max-w-full" />}>
      <div role="status" className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        <span className="sr-only">Loading</span>
        {[1, 2, 3].map((card) => (
          <div key={card} className="space-y-12 rounded-lg border border-line bg-surface p-5">
            <Skeleton className="w-2/3" />
            <Skeleton className="w-1/2" />
          </div>
        ))}
      </div>
    </Page>
  );
}
