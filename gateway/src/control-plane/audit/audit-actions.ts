/** Every action that the audit log records. */
export const auditActions = {
  /**
   * These actions are shown in an organization's audit log. The console's labels for them are in
   * console/src/domain/audit-words.ts.
   */
  organization: [
    'organization.create',
    'organization.update',
    'invitation.create',
    'invitation.revoke',
    'invitation.accept',
    'member.changeRole',
    'member.remove',
    'member.leave',
    'project.create',
    'project.update',
    'project.delete',
    'apiKey.create',
    'apiKey.update',
    'apiKey.rotate',
    'apiKey.revoke',
    'schema.apply',
  ],
  /** Accounts and sessions belong to no organization, and the log of a deleted organization cannot be viewed. */
  other: [
    'user.register',
    'user.updateProfile',
    'user.changePassword',
    'user.requestPasswordReset',
    'user.resetPassword',
    'user.verifyEmail',
    'session.create',
    'session.refuse',
    'session.revoke',
    'session.revokeOthers',
    'session.logout',
    'session.refreshReused',
    'organization.delete',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AuditAction = (typeof auditActions)[keyof typeof auditActions][number];
