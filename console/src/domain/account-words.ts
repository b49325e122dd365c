import type { AccountAction } from './generated/audit-actions.ts';

/** The words for the actions in the log of a user's account. */
export const accountWords: Readonly<Record<AccountAction, string>> = {
  'user.register': 'Account created',
  'user.registerAgain': 'Your address was used to register again',
  'user.updateProfile': 'Name changed',
  'user.changePassword': 'Password changed',
  'user.requestPasswordReset': 'Password reset requested',
  'user.resetPassword': 'Password reset',
  'user.verifyEmail': 'Email address verified',
  'session.create': 'Signed in',
  'session.refuse': 'Sign-in refused',
  'session.revoke': 'A device was signed out',
  'session.revokeOthers': 'All other devices were signed out',
  'session.logout': 'Signed out',
  'session.refreshReused': 'A session was ended because its token was used twice',
};

const refusals: Readonly<Record<string, string>> = {
  wrongPassword: 'wrong password',
  emailNotVerified: 'email address not verified',
};

/**
 * Describes an entry.
 *
 * @example accountSentence({ action: 'session.refuse', details: { reason: 'wrongPassword' } })
 * // 'Sign-in refused: wrong password'
 */
export function accountSentence({ action, details }: { action: string; details: unknown }): string {
  // A newer gateway can return actions that this page does not recognize.
  if (!isAccountAction(action)) return action;
  const reason = refusals[reasonIn(details) ?? ''];
  return reason === undefined ? accountWords[action] : `${accountWords[action]}: ${reason}`;
}

function isAccountAction(action: string): action is AccountAction {
  return Object.hasOwn(accountWords, action);
}

function reasonIn(details: unknown): string | null {
  const reason: unknown =
    typeof details === 'object' && details !== null ? Reflect.get(details, 'reason') : null;
  return typeof reason === 'string' ? reason : null;
}
