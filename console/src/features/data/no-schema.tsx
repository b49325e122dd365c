import { Link } from '@tanstack/react-router';
import { Database } from 'lucide-react';

import { buttonClass } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';

/** The data page for a project without models. */
export function NoSchema({ projectRef }: { projectRef: string }) {
  return (
    <Page title="Data">
      <EmptyState
        icon={Database}
        title="No tables yet"
        description="Apply a schema first. Each model gets a table, and its rows appear here."
        action={
          <Link
            to="/projects/$ref/schema"
            params={{ ref: projectRef }}
            className={buttonClass('primary')}
          >
            Go to the schema
          </Link>
        }
      />
    </Page>
  );
}
