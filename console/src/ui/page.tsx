import type { ReactNode } from 'react';

import { cn } from './cn.ts';

interface PageProps {
  /** The content of the page's h1. */
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  /** `narrow` for text and forms, `wide` for most pages, `full` for tools that use the whole width. */
  readonly width?: 'narrow' | 'wide' | 'full';
}

const widths = { narrow: 'max-w-3xl', wide: 'max-w-6xl', full: 'max-w-none' } as const;

/** The main content of a page: the heading, the page's actions, and the children below. */
export function Page({ title, description, actions, children, width = 'wide' }: PageProps) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className={cn(
        'mx-auto flex w-full min-w-0 flex-col gap-6 px-8 py-7 outline-none max-lg:px-6 max-sm:gap-5 max-sm:px-4 max-sm:py-5',
        widths[width],
      )}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 space-y-1">
          <h1 className="text-xl leading-7 font-semibold tracking-tight wrap-anywhere text-ink">
            {title}
          </h1>
          {description !== undefined && (
            <div className="max-w-prose text-pretty text-quiet">{description}</div>
          )}
        </div>
        {actions !== undefined && (
          <div className="flex flex-wrap items-center gap-2">{actions}</div>
        )}
      </header>
      {children}
    </main>
  );
}
