/**
 * The identity behind a request. It is derived once per request from the credential, and never from the request's
 * content.
 */
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
 * A request's viewer, request id and client address, which authorization and audit entries use. The data plane has its
 * own `Caller`.
 */
export interface Principal {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** Returns a copy of a request's principal with a different viewer. */
export const principalAs = (
  viewer: Viewer,
  { requestId, ipAddress, userAgent }: Principal,
): Principal => ({
  viewer,
  requestId,
  ipAddress,
  userAgent,
});
