import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      {...rest}
      className={cn('min-w-0 rounded-lg border border-line bg-surface shadow-xs', className)}
    />
  );
}

interface CardHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** The title's heading level. */
  readonly level?: 2 | 3;
  /** The title's id, for the card's `aria-labelledby`. */
  readonly titleId?: string;
  readonly className?: string;
}

export function CardHeader({
  title,
  description,
  actions,
  level = 2,
  titleId,
  className,
}: CardHeaderProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <header
      className={cn(
        'flex flex-wrap items-start justify-between gap-x-4 gap-y-3 px-5 pt-4 max-sm:px-4',
        className,
      )}
    >
      <div className="min-w-0 space-y-0.5">
        {/* With a margin, so that the bar at the top of the page does not cover the title that a link leads to. */}
        <Heading id={titleId} className="scroll-mt-20 text-[0.9375rem] font-semibold text-ink">
          {title}
        </Heading>
        {description !== undefined && <div className="text-pretty text-quiet">{description}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div {...rest} className={cn('px-5 py-4 max-sm:px-4', className)} />;
}

/** A card's buttons, aligned to the right. */
export function CardFooter({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      {...rest}
      className={cn(
        'flex flex-wrap items-center justify-end gap-2 rounded-b-lg border-t border-line bg-sunken/50 px-5 py-3 max-sm:px-4',
        className,
      )}
    />
  );
}
