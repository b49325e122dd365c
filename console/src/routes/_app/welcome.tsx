import { createFileRoute } from '@tanstack/react-router';

import { WelcomePage } from '#console/features/welcome/welcome-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_app/welcome')({
  head: () => ({ meta: [{ title: pageTitle('New organization') }] }),
  component: WelcomePage,
});
