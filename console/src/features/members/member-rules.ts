import { whyNot } from '#console/domain/permissions.ts';
import type { Role } from '#console/gql/graphql.ts';

/** What decides about a member: who looks, and at whom. */
export interface Standing {
  readonly viewerRole: Role | null;
  readonly isSelf: boolean;
  readonly role: Role;
  /** How many owners there are. */
  readonly owners: number;
}

const lastOwner = (isSelf: boolean) =>
  `${isSelf ? 'You are' : 'This is'} the last owner. Make somebody else an owner first.`;

const isLastOwner = ({ role, owners }: Standing): boolean => role === 'OWNER' && owners <= 1;

/** Why the viewer cannot give this member any other role; null where they can. */
export function whyRoleStays(standing: Standing): string | null {
  const { viewerRole, role, isSelf } = standing;
  const forbidden = whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:changeRole');
  return forbidden ?? (isLastOwner(standing) ? lastOwner(isSelf) : null);
}

/** Why the viewer cannot make anybody this; null where they can. */
export const whyNotMake = (viewerRole: Role | null, role: Role): string | null =>
  whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:invite');

/** Why the viewer cannot end this membership, be it their own; null where they can. */
export function whyMemberStays(standing: Standing): string | null {
  const { viewerRole, role, isSelf } = standing;
  const forbidden = isSelf
    ? null
    : whyNot(viewerRole, role === 'OWNER' ? 'owner:manage' : 'member:remove');
  return forbidden ?? (isLastOwner(standing) ? lastOwner(isSelf) : null);
}
