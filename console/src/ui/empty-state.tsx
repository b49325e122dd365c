import type { ReactNode } from 'react';

import { cn } from './cn.ts';
import { Icon, type IconSource } from './icon.tsx';

interface EmptyStateProps {
  readonly icon?: IconSource;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** A button or link for the next step. */
  readonly action?: ReactNode;
  readonly level?: 2 | 3;
  readonly className?: string;
}

/** Shown in place of an empty list: what will appear here, and how to get started. */
export function EmptyState({
  icon,
  title,
  description,
  action,
  level = 2,
  className,
}: EmptyStateProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div
      className={cn(
        'flex flex-col items-center rounded-lg border border-dashed border-line-strong/60 px-6 py-12 text-center',
        className,
      )}
    >
      {icon !== undefined && (
        <span className="mb-4 grid size-10 place-items-center rounded-lg border border-accent/15 bg-accent-soft text-accent">
          <Icon source={icon} className="size-5" />
        </span>
      )}
      <Heading className="text-[0.9375rem] font-semibold text-ink">{title}</Heading>
      {description !== undefined && (
        <div className="mt-1 max-w-md text-pretty text-quiet">{description}</div>
      )}
      {action !== undefined && (
        <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>
      )}
    </div>
  );
}
