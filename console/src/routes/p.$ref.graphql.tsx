import { createFileRoute } from '@tanstack/react-router';

import { KeyExplorerPage } from '#console/features/explorer/key-explorer-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

/** The gateway serves the console at the address of a project's API if a browser opens it. */
export const Route = createFileRoute('/p/$ref/graphql')({
  head: () => ({ meta: [{ title: pageTitle('API explorer') }] }),
  component: KeyExplorer,
});

function KeyExplorer() {
  const { ref } = Route.useParams();
  return <KeyExplorerPage key={ref} projectRef={ref} />;
}
