import type { ReactNode } from 'react';

import { cn } from './cn.ts';

interface DefinitionListProps {
  readonly items: readonly { readonly term: ReactNode; readonly description: ReactNode }[];
  readonly className?: string;
}

/** A list of terms with their values, side by side or, on narrow screens, stacked. */
export function DefinitionList({ items, className }: DefinitionListProps) {
  return (
    <dl className={cn('divide-y divide-line', className)}>
      {items.map(({ term, description }, place) => (
        <div
          key={typeof term === 'string' ? term : place}
          className="grid gap-x-6 gap-y-0.5 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[10rem_minmax(0,1fr)]"
        >
          <dt className="text-quiet">{term}</dt>
          <dd className="min-w-0 wrap-anywhere text-ink">{description}</dd>
        </div>
      ))}
    </dl>
  );
}
