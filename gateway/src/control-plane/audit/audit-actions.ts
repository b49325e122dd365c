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
    'invitation.createLink',
    'invitation.decline',
    'member.changeRole',
    'member.remove',
    'member.leave',
    'project.create',
    'project.update',
    'project.updateSettings',
    'project.setTrustedIssuers',
    'project.viewAs',
    'project.explainAccess',
    'project.delete',
    'apiKey.create',
    'apiKey.update',
    'apiKey.rotate',
    'apiKey.revoke',
    'schema.apply',
  ],
  /**
   * These actions belong to no organization. They are shown to the user whose account they affect. The console's labels
   * are in console/src/domain/account-words.ts.
   */
  account: [
    'user.register',
    'user.registerAgain',
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
  ],
  /** The log of a deleted organization cannot be viewed. */
  other: ['organization.delete'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AuditAction = (typeof auditActions)[keyof typeof auditActions][number];
