import { type Principal, anonymous } from '../src/control-plane/access/viewer.ts';
import type { SeededUser } from './tenant.ts';

const request = {
  requestId: 'test-request',
  ipAddress: '203.0.113.7',
  userAgent: 'tests',
} as const;

/** Returns a principal. Tests use it to call a service directly instead of over HTTP. */
export const callerOf = ({ userId, sessionId, email }: SeededUser): Principal => ({
  ...request,
  viewer: { kind: 'user', userId, sessionId, email },
});

export const anonymousCaller: Principal = { ...request, viewer: anonymous };
