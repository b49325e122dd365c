import { viewAsChoice, type ViewAs } from '#console/lib/api/view-as.ts';

import { can } from './permissions.ts';

/**
 * As whom a member views a project in this tab; null for the member's own permissions. The role of the member can have
 * changed since the choice.
 */
export const viewAsOf = (project: {
  readonly ref: string;
  readonly viewerCan: readonly string[];
}): ViewAs | null =>
  can(project.viewerCan, 'access:viewAs') ? viewAsChoice.read(project.ref) : null;
