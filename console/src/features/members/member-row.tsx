import { LogOut, UserMinus } from 'lucide-react';
import { useState } from 'react';

import type { Organization } from '#console/domain/organization.queries.ts';
import type { MemberRowFragment } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Avatar } from '#console/ui/avatar.tsx';
import { Badge } from '#console/ui/badge.tsx';
import { Button } from '#console/ui/button.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { TD, TDActions, TH, TRow } from '#console/ui/table.tsx';
import { Time } from '#console/ui/time.tsx';

import { whyMemberStays, type Standing } from './member-rules.ts';
import { RoleMenu } from './role-menu.tsx';
import type { MemberChanges } from './use-member-changes.ts';

interface MemberRowProps {
  readonly member: MemberRowFragment;
  readonly isSelf: boolean;
  readonly owners: number;
  readonly organization: Organization;
  readonly changes: MemberChanges;
}

export function MemberRow({ member, isSelf, owners, organization, changes }: MemberRowProps) {
  const { user, role, joinedAt } = member;
  const standing: Standing = { viewerRole: organization.viewerRole, isSelf, role, owners };
  return (
    <TRow>
      <TH scope="row">
        <span className="flex items-center gap-3">
          <Avatar name={user.name} />
          <span className="flex min-w-0 flex-col">
            <span className="flex items-center gap-2 font-medium">
              <span className="max-w-64 truncate max-sm:max-w-40">{user.name}</span>
              {isSelf && <Badge tone="accent">You</Badge>}
            </span>
            <span className="max-w-72 truncate text-[0.8125rem] font-normal text-quiet max-sm:max-w-44">
              {user.email}
            </span>
          </span>
        </span>
      </TH>
      <TD>
        <RoleMenu member={member} standing={standing} changeRole={changes.changeRole} />
      </TD>
      <TD className="whitespace-nowrap text-quiet max-sm:hidden">
        <Time value={joinedAt} />
      </TD>
      <TDActions>
        <EndMembership
          member={member}
          standing={standing}
          organizationName={organization.name}
          changes={changes}
        />
      </TDActions>
    </TRow>
  );
}

interface EndMembershipProps {
  readonly member: MemberRowFragment;
  readonly standing: Standing;
  readonly organizationName: string;
  readonly changes: MemberChanges;
}

/** A button to remove the member or, if the member is the viewer, to leave the organization. */
function EndMembership({ member, standing, organizationName, changes }: EndMembershipProps) {
  const [isAsking, setIsAsking] = useState(false);
  const { isSelf } = standing;
  const { name } = member.user;
  const ending = isSelf ? changes.leave : changes.remove;
  const ask = (isOpen: boolean) => {
    ending.reset();
    setIsAsking(isOpen);
  };
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        icon={isSelf ? LogOut : UserMinus}
        aria-label={isSelf ? 'Leave' : `Remove ${name}`}
        disabledReason={whyMemberStays(standing)}
        onClick={() => ask(true)}
      >
        <span className="max-sm:hidden">{isSelf ? 'Leave' : 'Remove'}</span>
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={ask}
        title={isSelf ? `Leave ${organizationName}?` : `Remove ${name}?`}
        confirmLabel={isSelf ? 'Leave organization' : 'Remove member'}
        onConfirm={() =>
          isSelf ? changes.leave.mutateAsync() : changes.remove.mutateAsync(member)
        }
        error={ending.isError ? explainError(ending.error) : null}
      >
        <p>
          {isSelf ? 'You' : name} will lose access to {organizationName} and all its projects
          immediately. API keys are not affected. Rejoining will require a new invitation.
        </p>
      </ConfirmDialog>
    </>
  );
}
