import { createFileRoute } from '@tanstack/react-router';

import { KeysPage } from '#console/features/keys/keys-page.tsx';
import { keysSearch } from '#console/features/keys/keys-search.ts';
import { keysQuery } from '#console/features/keys/keys.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/projects/$ref/keys')({
  validateSearch: keysSearch,
  loaderDeps: ({ search: { show, after, before } }) => ({ show, after, before }),
  loader: async ({ context: { queryClient, project }, deps }) => {
    await ensure(queryClient, keysQuery(project.ref, deps));
    return { name: project.name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('API keys', loaderData?.name) }] }),
  component: KeysRoute,
});

function KeysRoute() {
  return <KeysPage projectRef={Route.useParams().ref} />;
}
