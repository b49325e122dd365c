import type { ReactNode } from 'react';

import { type DocsPage, docsPages } from '#console/lib/docs-pages.ts';

interface DocsLinkProps {
  readonly page: DocsPage;
  readonly children: ReactNode;
  /** Replaces the default style, which suits a link within a sentence. */
  readonly className?: string;
}

/** A link to the documentation. It opens in a new tab, so that nothing entered on the page is lost. */
export function DocsLink({ page, children, className }: DocsLinkProps) {
  return (
    <a
      href={docsPages[page]}
      target="_blank"
      rel="noreferrer"
      className={className ?? 'font-medium text-accent underline underline-offset-2'}
    >
      {children}
    </a>
  );
}
