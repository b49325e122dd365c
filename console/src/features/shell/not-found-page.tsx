import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';

import { buttonClass } from '#console/ui/button.tsx';
import { Page } from '#console/ui/page.tsx';

/** The same for what does not exist and for what belongs to somebody else. */
export function NotFoundPage() {
  return (
    <Page title="Not found" width="narrow">
      <div className="flex flex-col items-center gap-4 rounded-lg border border-dashed px-6 py-12 text-center">
        <Compass aria-hidden className="size-8 text-quiet" />
        <p>There is nothing at this address, or you may not see it.</p>
        <Link to="/" className={buttonClass('primary', 'md')}>
          Go home
        </Link>
      </div>
    </Page>
  );
}
