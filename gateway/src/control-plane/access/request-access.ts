import type { Action, Role } from './actions.ts';

/** The viewer's rights, read once per request and asked by scope-auth and `viewerCan`. */
export interface RequestAccess {
  /** The signed-in user's role in an organization; null for everyone who is no member. */
  roleIn(organizationId: string): Promise<Role | null>;
  mayInOrganization(organizationId: string, action: Action): Promise<boolean>;
  mayOnProject(project: ProjectIdentity, action: Action): Promise<boolean>;
}

export interface ProjectIdentity {
  readonly id: string;
  readonly organizationId: string;
}
