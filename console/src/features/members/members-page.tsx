import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';

import { organizationQuery, type Organization } from '#console/domain/organization.queries.ts';
import { can, whyNot } from '#console/domain/permissions.ts';
import { Button } from '#console/ui/button.tsx';
import { Page } from '#console/ui/page.tsx';

import { InvitationsSection } from './invitations-section.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MembersSection } from './members-section.tsx';

const route = getRouteApi('/_app/orgs/$slug/members');

/** An organization's members and pending invitations. */
export function MembersPage({ slug }: { slug: string }) {
  const { data: organization } = useSuspenseQuery(organizationQuery(slug));
  // Null only while navigating away: the layout route has already checked that the organization exists.
  return organization && <Members organization={organization} />;
}

function Members({ organization }: { organization: Organization }) {
  const { invite } = route.useSearch();
  const navigate = route.useNavigate();
  const { viewerRole, viewerCan, name } = organization;
  const openInvite = (isOpen: boolean) =>
    void navigate({
      search: (search) => ({ ...search, invite: isOpen || undefined }),
      replace: !isOpen,
      resetScroll: false,
    });
  const reason = whyNot(viewerRole, 'member:invite');
  return (
    <Page
      title="Members"
      description={`The members of ${name} and their roles.`}
      actions={
        <Button
          variant="primary"
          icon={UserPlus}
          disabledReason={reason}
          onClick={() => openInvite(true)}
        >
          Invite
        </Button>
      }
    >
      <MembersSection organization={organization} />
      {can(viewerCan, 'invitation:read') && <InvitationsSection organization={organization} />}
      <InviteDialog
        open={invite === true && reason === null}
        onOpenChange={openInvite}
        organization={organization}
      />
    </Page>
  );
}
