import type { UserViewer } from '../access/viewer.ts';

/** A session as it stands after a sign-in or a refresh, and who it makes of its holder. */
export interface StartedSession {
  readonly viewer: UserViewer;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export const userViewer = (
  user: { readonly id: string; readonly email: string },
  sessionId: string,
): UserViewer => ({ kind: 'user', userId: user.id, sessionId, email: user.email });
