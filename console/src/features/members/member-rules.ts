import { whyNot } from '#console/domain/permissions.ts';
import type { Role } from '#console/gql/graphql.ts';

/** The viewer, and the member that the viewer acts on. */
export interface Standing {
  readonly viewerRole: Role | null;
  readonly isSelf: boolean;
  readonly role: Role;
  /** The number of owners in the organization. */
  readonly owners: number;
}

const lastOwner = (isSelf: boolean) =>
  `${isSelf ? 'You are' : 'This is'} the last owner. Make another member an owner first.`;

const isLastOwner = ({ role, owners }: Standing): boolean => role === 'OWNER' && owners <= 1;

/** Why the viewer cannot change this member's role; null if the viewer can. */
export function whyRoleStays(standing: Standing): string | null {
  const { viewerRole, role, isSelf } = standing;
  const forbidden = whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:changeRole');
  return forbidden ?? (isLastOwner(standing) ? lastOwner(isSelf) : null);
}

/** Why the viewer cannot assign this role to anyone; null if the viewer can. */
export const whyNotMake = (viewerRole: Role | null, role: Role): string | null =>
  whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:invite');

/** Why the viewer cannot remove this member or, if the member is the viewer, cannot leave; null if the viewer can. */
export function whyMemberStays(standing: Standing): string | null {
  const { viewerRole, role, isSelf } = standing;
  const forbidden = isSelf
    ? null
    : whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:remove');
  return forbidden ?? (isLastOwner(standing) ? lastOwner(isSelf) : null);
}
