/** Who a request comes from. Made once per request from its credential; never from its content. */
export type Viewer = AnonymousViewer | UserViewer | ApiKeyViewer;

export interface AnonymousViewer {
  readonly kind: 'anonymous';
}

export interface UserViewer {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
}

export interface ApiKeyViewer {
  readonly kind: 'apiKey';
  readonly keyId: string;
  readonly keyKind: 'SECRET' | 'PUBLISHABLE';
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly rateLimitPerMinute: number | null;
  readonly projectId: string;
  readonly projectRef: string;
  readonly organizationId: string;
}

export const anonymous: AnonymousViewer = { kind: 'anonymous' };

/**
 * Who makes a request to the control plane, and from where: what an authorization and an audit entry need. The data
 * plane has its own `Caller`.
 */
export interface Principal {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** The same request, from the user who it has just turned out to come from. */
export const principalAs = (
  viewer: Viewer,
  { requestId, ipAddress, userAgent }: Principal,
): Principal => ({
  viewer,
  requestId,
  ipAddress,
  userAgent,
});
