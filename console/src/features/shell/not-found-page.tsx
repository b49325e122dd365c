import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';
import { Page } from '#console/ui/page.tsx';

/** The same for what does not exist and for what belongs to somebody else. */
export function NotFoundPage() {
  return (
    <Page
      title="Not found"
      description="There is nothing at this address, or you may not see it."
      width="narrow"
    >
      <div>
        <Link to="/" className={buttonClass('primary')}>
          Go home
        </Link>
      </div>
    </Page>
  );
}
