import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';
import { Page } from '#console/ui/page.tsx';

/** The same page for resources that do not exist and resources that the user has no access to. */
export function NotFoundPage() {
  return (
    <Page
      title="Not found"
      description="This page doesn’t exist, or you don’t have access to it."
      width="narrow"
    >
      <div>
        <Link to="/" className={buttonClass('primary')}>
          Go to the home page
        </Link>
      </div>
    </Page>
  );
}
