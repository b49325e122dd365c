import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';

import { AuthCard } from './auth-card.tsx';

/** Shown when the page has no token from an emailed link, for example after a reload. */
export function MailedLinkMissing() {
  return (
    <AuthCard
      title="Open the link in your email"
      description="For your security, this browser doesn’t store the link, so reloading the page discards it. The link in your email still works unless it has been used or has expired."
    >
      <Link to="/" className={buttonClass('secondary')}>
        Go to Tessera
      </Link>
    </AuthCard>
  );
}
