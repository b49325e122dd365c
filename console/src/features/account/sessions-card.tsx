import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { RevokeOtherSessionsDocument } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { toast } from '#console/ui/toast.ts';

import { userSessionsQuery } from './account.queries.ts';
import { SessionRow } from './session-row.tsx';

/** The user's sessions, with buttons to revoke them. */
export function SessionsCard() {
  const { data: sessions } = useSuspenseQuery(userSessionsQuery);
  const hasOthers = sessions.some(({ current }) => !current);
  return (
    <Card aria-labelledby="sessions-title">
      <CardHeader
        title="Devices"
        titleId="sessions-title"
        description="These devices are signed in to your account. Sign out any that you don’t recognize."
        actions={
          <RevokeOthers
            disabledReason={hasOthers ? null : 'You are not signed in on any other device.'}
          />
        }
      />
      <CardBody>
        <ul className="divide-y divide-line">
          {sessions.map((userSession) => (
            <SessionRow key={userSession.id} userSession={userSession} />
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

function RevokeOthers({ disabledReason }: { disabledReason: string | null }) {
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: async () => {
      const data = await request(RevokeOtherSessionsDocument);
      expectSuccess(data.revokeOtherSessions, 'RevokeOtherSessionsSuccess');
    },
    onSuccess: async () => {
      toast.success('Your other devices were signed out.');
      await queryClient.invalidateQueries({ queryKey: userSessionsQuery.queryKey });
    },
  });
  return (
    <>
      <Button size="sm" disabledReason={disabledReason} onClick={() => setIsAsking(true)}>
        Sign out other devices
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Sign out all other devices?"
        confirmLabel="Sign out other devices"
        onConfirm={() => revoke.mutateAsync()}
        error={revoke.error === null ? null : explainError(revoke.error)}
      >
        You will need your password to sign in again on those devices. This device stays signed in.
      </ConfirmDialog>
    </>
  );
}
