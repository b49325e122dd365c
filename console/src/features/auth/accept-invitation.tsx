import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';

import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { AcceptInvitationDocument } from '#console/gql/graphql.ts';
import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { session } from '#console/lib/session/session.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button, buttonClass } from '#console/ui/button.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { toast } from '#console/ui/toast.ts';

/** Shown to the invited user: the button that accepts the invitation. */
export function AcceptAs({ token, email }: { token: string; email: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: async () => {
      const data = await request(AcceptInvitationDocument, { input: { token } });
      return expectSuccess(data.acceptInvitation, 'AcceptInvitationSuccess').invitation;
    },
    onSuccess: async ({ organization }) => {
      // Refetch the viewer, because accepting adds an organization and verifies the user's email address.
      queryClient.removeQueries({ queryKey: viewerQuery.queryKey });
      toast.success(`Invitation to ${organization.name} accepted.`);
      await navigate({ to: '/orgs/$slug', params: { slug: organization.slug } });
    },
  });
  if (isApiError(accept.error, 'ALREADY_MEMBER')) {
    return (
      <>
        <Alert role="status" title="You are already a member">
          You don’t need to accept this invitation.
        </Alert>
        <Link to="/" className={buttonClass('primary')}>
          Go to Tessera
        </Link>
      </>
    );
  }
  return (
    <>
      <p className="text-quiet">
        You are signed in as <strong className="font-medium text-ink">{email}</strong>.
      </p>
      <FormError>{accept.error === null ? null : explainError(accept.error)}</FormError>
      <Button
        variant="primary"
        isLoading={accept.isPending || accept.isSuccess}
        onClick={() => accept.mutate()}
      >
        Accept invitation
      </Button>
    </>
  );
}

/**
 * Shown to any other user. After the user signs out, the page shows forms to register or sign in with the invited
 * address.
 */
export function SwitchAccount({ current, invited }: { current: string; invited: string }) {
  const leave = useMutation({ mutationFn: () => session.signOut() });
  return (
    <>
      <Alert tone="warning" title="This invitation is for another account">
        It was sent to {invited}. You are signed in as {current}.
      </Alert>
      <FormError>{leave.error === null ? null : explainError(leave.error)}</FormError>
      <Button variant="primary" isLoading={leave.isPending} onClick={() => leave.mutate()}>
        Sign out and switch accounts
      </Button>
      <Link to="/" className={buttonClass('secondary')}>
        Stay signed in without joining
      </Link>
    </>
  );
}
