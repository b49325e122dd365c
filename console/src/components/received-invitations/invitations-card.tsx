import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { asRole } from '#console/domain/role-words.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import {
  AcceptReceivedInvitationDocument,
  DeclineInvitationDocument,
  type ReceivedInvitationFragment,
} from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardHeader } from '#console/ui/card.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { Time } from '#console/ui/time.tsx';
import { toast } from '#console/ui/toast.ts';

interface InvitationsCardProps {
  readonly invitations: readonly ReceivedInvitationFragment[];
}

/** The viewer's open invitations, each with buttons to accept or decline it. */
export function InvitationsCard({ invitations }: InvitationsCardProps) {
  return (
    <Card aria-labelledby="received-invitations">
      <CardHeader titleId="received-invitations" title="Invitations" />
      <ul className="divide-y divide-line px-5 py-1 max-sm:px-4">
        {invitations.map((invitation) => (
          <InvitationItem key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </Card>
  );
}

function InvitationItem({ invitation }: { invitation: ReceivedInvitationFragment }) {
  const { organizationName, role, invitedByName, expiresAt } = invitation;
  const [isAsking, setIsAsking] = useState(false);
  const { accept, decline } = useAnswers(invitation);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <p className="min-w-0 wrap-anywhere">
        {invitedByName ?? 'Someone'} invited you to{' '}
        <strong className="font-medium">{organizationName}</strong> as {asRole[role]}.{' '}
        <span className="text-quiet">
          Expires <Time value={expiresAt} />.
        </span>
      </p>
      <div className="flex gap-2">
        <Button
          size="sm"
          aria-label={`Decline the invitation to ${organizationName}`}
          onClick={() => setIsAsking(true)}
        >
          Decline
        </Button>
        <Button
          variant="primary"
          size="sm"
          aria-label={`Accept the invitation to ${organizationName}`}
          isLoading={accept.isPending}
          onClick={() => accept.mutate()}
        >
          Accept
        </Button>
      </div>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={(isOpen) => {
          decline.reset();
          setIsAsking(isOpen);
        }}
        title={`Decline the invitation to ${organizationName}?`}
        confirmLabel="Decline invitation"
        onConfirm={() => decline.mutateAsync()}
        error={decline.isError ? explainError(decline.error) : null}
      >
        <p>Its link stops working. To join later, you need a new invitation.</p>
      </ConfirmDialog>
    </li>
  );
}

function useAnswers({ id, organizationName }: ReceivedInvitationFragment) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: async () => {
      const data = await request(AcceptReceivedInvitationDocument, { input: { id } });
      return expectSuccess(data.acceptReceivedInvitation, 'AcceptReceivedInvitationSuccess')
        .invitation.organization;
    },
    onSuccess: async ({ slug }) => {
      await queryClient.invalidateQueries(viewerQuery);
      toast.success(`Invitation to ${organizationName} accepted.`);
      await navigate({ to: '/orgs/$slug', params: { slug } });
    },
    onError: (error) => {
      toast.error(explainError(error));
      // The invitation may have been revoked in the meantime.
      void queryClient.invalidateQueries(viewerQuery);
    },
  });
  const decline = useMutation({
    mutationFn: async () => {
      const data = await request(DeclineInvitationDocument, { input: { id } });
      expectSuccess(data.declineInvitation, 'DeclineInvitationSuccess');
    },
    onSuccess: () => {
      toast.success(`Invitation to ${organizationName} declined.`);
      return queryClient.invalidateQueries(viewerQuery);
    },
  });
  return { accept, decline };
}
