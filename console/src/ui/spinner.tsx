import { LoaderCircle } from 'lucide-react';

import { cn } from './cn.ts';

/** A loading indicator. Screen readers announce it if it has a label. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  const icon = (
    <LoaderCircle
      aria-hidden="true"
      className={cn('size-4 shrink-0 animate-spin motion-reduce:animate-pulse', className)}
    />
  );
  if (label === undefined) return icon;
  return (
    <span role="status" className="inline-flex items-center gap-2 text-quiet">
      {icon}
      <span className="sr-only">{label}</span>
    </span>
  );
}
