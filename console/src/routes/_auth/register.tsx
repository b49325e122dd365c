import { createFileRoute } from '@tanstack/react-router';

import { RegisterPage } from '#console/features/auth/register-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_auth/register')({
  head: () => ({ meta: [{ title: pageTitle('Create an account') }] }),
  component: Register,
});

function Register() {
  return <RegisterPage next={Route.useSearch().next} />;
}
