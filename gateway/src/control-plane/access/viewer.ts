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
