import { createFileRoute, redirect } from '@tanstack/react-router';

import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { AppShell } from '#console/features/shell/app-shell.tsx';
import { NotFoundPage } from '#console/features/shell/not-found-page.tsx';
import { ensure } from '#console/lib/query-client.ts';
import { session } from '#console/lib/session/session.ts';

/** The layout route for all pages that require a signed-in user. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const toSignIn = () => redirect({ to: '/sign-in', search: { next: location.href } });
    if (!(await session.isSignedIn())) throw toSignIn();
    const viewer = await ensure(queryClient, viewerQuery);
    if (viewer === null) throw toSignIn();
    return { viewer };
  },
  component: AppShell,
  notFoundComponent: NotFoundPage,
});
