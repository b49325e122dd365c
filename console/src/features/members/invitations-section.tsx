import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link2, Mail, RotateCw, X } from 'lucide-react';
import { useState } from 'react';

import type { Organization } from '#console/domain/organization.queries.ts';
import { whyNot } from '#console/domain/permissions.ts';
import {
  CreateInvitationLinkDocument,
  InviteMemberDocument,
  RevokeInvitationDocument,
  type InvitationRowFragment,
} from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Badge } from '#console/ui/badge.tsx';
import { Button } from '#console/ui/button.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Table, TBody, TD, TDActions, TH, THead, TRow } from '#console/ui/table.tsx';
import { Time } from '#console/ui/time.tsx';
import { toast } from '#console/ui/toast.ts';

import { InvitationLinkDialog } from './invitation-link-dialog.tsx';
import { whyNotMake } from './member-rules.ts';
import { invitationsQuery } from './members.queries.ts';
import { roleName } from './roles.ts';

/** An organization's pending invitations. */
export function InvitationsSection({ organization }: { organization: Organization }) {
  const { data: invitations } = useSuspenseQuery(invitationsQuery(organization.slug));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <h2 className="font-semibold">Pending invitations</h2>
      {invitations.length === 0 ? (
        <EmptyState
          level={3}
          icon={Mail}
          title="No pending invitations"
          description="Pending invitations appear here."
          className="py-8"
        />
      ) : (
        <Table label="Pending invitations">
          <THead>
            <TRow>
              <TH>Email</TH>
              <TH>Role</TH>
              <TH className="max-md:hidden">Invited</TH>
              <TH className="max-sm:hidden">Expires</TH>
              <TH>
                <span className="sr-only">Actions</span>
              </TH>
            </TRow>
          </THead>
          <TBody>
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                organization={organization}
              />
            ))}
          </TBody>
        </Table>
      )}
    </div>
  );
}

interface InvitationRowProps {
  readonly invitation: InvitationRowFragment;
  readonly organization: Organization;
}

function InvitationRow({ invitation, organization }: InvitationRowProps) {
  const { email, role, createdAt, expiresAt, invitedBy } = invitation;
  const [isAsking, setIsAsking] = useState(false);
  const { revoke, again, link } = useInvitationChanges(organization, invitation);
  const forbidden = whyNot(organization.viewerRole, 'invitation:revoke');
  return (
    <TRow>
      <TH scope="row">
        <span className="block max-w-72 truncate max-sm:max-w-44">{email}</span>
      </TH>
      <TD>
        <Badge>{roleName[role]}</Badge>
      </TD>
      <TD className="whitespace-nowrap text-quiet max-md:hidden">
        <Time value={createdAt} />
        {invitedBy !== null && `, by ${invitedBy.name}`}
      </TD>
      <TD className="whitespace-nowrap text-quiet max-sm:hidden">
        <Time value={expiresAt} />
      </TD>
      <TDActions>
        <Button
          variant="ghost"
          size="sm"
          icon={Link2}
          aria-label={`Copy link for ${email}`}
          isLoading={link.isPending}
          disabledReason={forbidden ?? whyNotMake(organization.viewerRole, role)}
          onClick={() => link.mutate()}
        >
          <span className="max-sm:hidden">Copy link</span>
        </Button>
        <Button
          variant="ghost"
          size="sm"
          icon={RotateCw}
          aria-label={`Send again to ${email}`}
          isLoading={again.isPending}
          disabledReason={forbidden ?? whyNotMake(organization.viewerRole, role)}
          onClick={() => again.mutate()}
        >
          <span className="max-sm:hidden">Send again</span>
        </Button>
        <Button
          variant="ghost"
          size="sm"
          icon={X}
          aria-label={`Revoke the invitation for ${email}`}
          disabledReason={forbidden}
          onClick={() => setIsAsking(true)}
        >
          <span className="max-sm:hidden">Revoke</span>
        </Button>
        <InvitationLinkDialog
          invitation={invitation}
          link={link.data ?? null}
          onClose={() => link.reset()}
        />
        <ConfirmDialog
          open={isAsking}
          onOpenChange={(isOpen) => {
            revoke.reset();
            setIsAsking(isOpen);
          }}
          title={`Revoke the invitation for ${email}?`}
          confirmLabel="Revoke invitation"
          onConfirm={() => revoke.mutateAsync()}
          error={revoke.isError ? explainError(revoke.error) : null}
        >
          <p>Its links stop working. You can send another invitation later.</p>
        </ConfirmDialog>
      </TDActions>
    </TRow>
  );
}

function useInvitationChanges(
  { id: organizationId, slug }: Organization,
  { id, email, role }: InvitationRowFragment,
) {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries(invitationsQuery(slug));
  const revokeIt = async () => {
    const data = await request(RevokeInvitationDocument, { input: { id } });
    expectSuccess(data.revokeInvitation, 'RevokeInvitationSuccess');
  };
  const revoke = useMutation({
    mutationFn: revokeIt,
    onSuccess: () => toast.success(`Invitation for ${email} revoked.`),
    onSettled,
  });
  const link = useMutation({
    mutationFn: async () => {
      const data = await request(CreateInvitationLinkDocument, { input: { id } });
      return expectSuccess(data.createInvitationLink, 'CreateInvitationLinkSuccess').link;
    },
    // Do not keep the link in memory after the dialog is closed.
    gcTime: 0,
    onError: (error) => {
      toast.error(explainError(error));
      void onSettled();
    },
  });
  /** An invitation's link is mailed only once, so mailing another one requires a new invitation. */
  const again = useMutation({
    mutationFn: async () => {
      await revokeIt();
      const data = await request(InviteMemberDocument, { input: { organizationId, email, role } });
      expectSuccess(data.inviteMember, 'InviteMemberSuccess');
    },
    onSuccess: () => toast.success(`New link sent to ${email}. The previous link no longer works.`),
    onError: (error) => toast.error(explainError(error)),
    onSettled,
  });
  return { revoke, again, link };
}
