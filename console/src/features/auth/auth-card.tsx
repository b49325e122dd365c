import type { ReactNode } from 'react';

interface AuthCardProps {
  /** The content of the page's h1. */
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Links to the related pages, below a separator. */
  readonly footer?: ReactNode;
}

/** The heading and content of a page for users who are not signed in. */
export function AuthCard({ title, description, children, footer }: AuthCardProps) {
  return (
    <div className="flex flex-col gap-6">
      <header className="space-y-1.5">
        <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">
          {title}
        </h1>
        {description !== undefined && <p className="text-pretty text-quiet">{description}</p>}
      </header>
      {children}
      {footer !== undefined && <p className="border-t pt-5 text-center text-quiet">{footer}</p>}
    </div>
  );
}

export const linkClass =
  'rounded-xs font-medium text-accent underline-offset-4 hover:text-accent-strong hover:underline';
