import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';

import { AuthCard } from './auth-card.tsx';

/** For a page that came without the token of a mailed link, as it does when it is loaded again. */
export function MailedLinkMissing() {
  return (
    <AuthCard
      title="Open the link in your mail"
      description="This page works with the link that was mailed to you, and forgets it when it is loaded again, so that nobody finds it in this browser. As long as it was not used, the link in the mail still works."
    >
      <Link to="/" className={buttonClass('secondary')}>
        Go to Tessera
      </Link>
    </AuthCard>
  );
}
