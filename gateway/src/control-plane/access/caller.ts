import type { Viewer } from './viewer.ts';

/** Who calls a service, and from where: what an authorization and an audit entry need. */
export interface Caller {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** The same request, from the user who it has just turned out to come from. */
export const callerAs = (viewer: Viewer, { requestId, ipAddress, userAgent }: Caller): Caller => ({
  viewer,
  requestId,
  ipAddress,
  userAgent,
});
