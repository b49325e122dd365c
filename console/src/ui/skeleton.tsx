import { cn } from './cn.ts';

/** A placeholder for content that is loading. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={cn('h-4 animate-pulse rounded-md bg-ink/8 motion-reduce:animate-none', className)}
    />
  );
}

interface SkeletonRowsProps {
  readonly rows?: number;
  /** The text for screen readers. */
  readonly label?: string;
  readonly className?: string;
}

const widths = ['w-5/12', 'w-7/12', 'w-4/12', 'w-6/12'];

/** A placeholder for a list that is loading. */
export function SkeletonRows({ rows = 5, label = 'Loading', className }: SkeletonRowsProps) {
  return (
    <div
      role="status"
      className={cn('divide-y divide-line rounded-lg border border-line bg-surface', className)}
    >
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center justify-between gap-6 px-4 py-3.5">
          <Skeleton className={widths[row % widths.length] ?? ''} />
          <Skeleton className="w-20" />
        </div>
      ))}
    </div>
  );
}
