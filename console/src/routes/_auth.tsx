import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { AuthLayout } from '#console/features/auth/auth-layout.tsx';
import { isApiError } from '#console/lib/api/errors.ts';
import { ownPath } from '#console/lib/own-path.ts';
import { session } from '#console/lib/session/session.ts';
import { searchParam } from '#console/lib/search-param.ts';

/**
 * The layout route for signed-out users. When the user signs in, in this tab or in another one, it redirects to `next`.
 */
export const Route = createFileRoute('/_auth')({
  validateSearch: z.object({ next: searchParam(z.string()) }),
  beforeLoad: async ({ search }) => {
    if (await isSignedIn()) {
      throw redirect({ href: ownPath(search.next, location.origin), replace: true });
    }
  },
  component: () => (
    <AuthLayout>
      <Outlet />
    </AuthLayout>
  ),
});

/** Returns false on API errors, so that the form is shown. If the error persists, submitting the form reports it. */
async function isSignedIn(): Promise<boolean> {
  try {
    return await session.isSignedIn();
  } catch (error) {
    if (isApiError(error)) return false;
    throw error;
  }
}
