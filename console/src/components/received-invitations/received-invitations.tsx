import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';

import { viewerQuery } from '#console/domain/viewer.queries.ts';

/** Loaded when it is needed, because most users have no open invitation. */
const InvitationsCard = lazy(async () => ({
  default: (await import('./invitations-card.tsx')).InvitationsCard,
}));

/** The viewer's open invitations. Nothing if there are none. */
export function ReceivedInvitations() {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const invitations = viewer?.receivedInvitations?.nodes ?? [];
  if (invitations.length === 0) return null;
  return (
    <Suspense>
      <InvitationsCard invitations={invitations} />
    </Suspense>
  );
}
