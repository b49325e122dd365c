import { Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';

import type { MemberRowFragment, Role } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { Menu, MenuItem } from '#console/ui/menu.tsx';

import { whyNotMake, whyRoleStays, type Standing } from './member-rules.ts';
import { roleMeaning, roleName, roles } from './roles.ts';
import type { MemberChanges } from './use-member-changes.ts';

interface RoleMenuProps {
  readonly member: MemberRowFragment;
  readonly standing: Standing;
  readonly changeRole: MemberChanges['changeRole'];
}

/** A menu that shows and changes a member's role. */
export function RoleMenu({ member, standing, changeRole }: RoleMenuProps) {
  const [lower, setLower] = useState<Role | null>(null);
  const { isSelf, role: current, viewerRole } = standing;
  const change = (role: Role) => changeRole.mutateAsync({ member, role, isSelf });
  const isRunning = changeRole.isPending && changeRole.variables.member.id === member.id;
  const stays = whyRoleStays(standing);
  const trigger = (
    <Button
      variant="ghost"
      size="sm"
      className="-ml-2.5"
      aria-label={`Role of ${member.user.name}: ${roleName[current]}`}
      disabledReason={stays}
      isLoading={isRunning}
    >
      {roleName[current]}
      {stays === null && <ChevronDown aria-hidden="true" className="size-3.5 text-quiet" />}
    </Button>
  );
  if (stays !== null) return trigger;
  const choose = (role: Role) => {
    if (role === current) return;
    // Users who lower their own role cannot undo it, so ask for confirmation.
    if (isSelf) setLower(role);
    // Errors are shown in a toast.
    else change(role).catch(() => undefined);
  };
  return (
    <>
      <Menu trigger={trigger} align="start">
        {roles.map((role) => (
          <MenuItem
            key={role}
            icon={role === current ? <Check className="size-4" /> : <span className="size-4" />}
            disabledReason={whyNotMake(viewerRole, role)}
            onSelect={() => choose(role)}
          >
            {roleName[role]}
            {role === current && <span className="sr-only"> (current)</span>}
            <span className="block text-xs text-pretty text-quiet">{roleMeaning[role]}</span>
          </MenuItem>
        ))}
      </Menu>
      <ConfirmDialog
        open={lower !== null}
        onOpenChange={() => setLower(null)}
        title="Change your own role?"
        confirmLabel={lower === null ? 'Change role' : `Change to ${roleName[lower].toLowerCase()}`}
        onConfirm={() => (lower === null ? Promise.resolve() : change(lower))}
        error={changeRole.isError ? explainError(changeRole.error) : null}
      >
        <p>You will lose permissions immediately, and you can’t restore them yourself.</p>
      </ConfirmDialog>
    </>
  );
}
