import type { SessionEnding } from '#console/lib/session/tab-session.ts';
import { Alert } from '#console/ui/alert.tsx';

const words: Readonly<Record<SessionEnding, { readonly title: string; readonly text: string }>> = {
  EXPIRED: {
    title: 'Your session has expired',
    text: 'Sign in again to continue.',
  },
  REVOKED: {
    title: 'You were signed out',
    text: 'Your session was ended on another device, or your password was changed. Sign in again to continue.',
  },
  REUSED: {
    title: 'You were signed out for your safety',
    text: 'Someone may have copied your session. Sign in again, then check the activity on your account page. If you don’t recognize something, change your password.',
  },
  OTHER_TAB: {
    title: 'You signed out in another tab',
    text: 'Signing out ends the session in all tabs of this browser.',
  },
  UNKNOWN: {
    title: 'Your session has ended',
    text: 'Sign in again to continue.',
  },
};

/** Shown on the sign-in page: why the user has to sign in again. */
export function SessionEndNotice({ ending }: { ending: SessionEnding }) {
  const { title, text } = words[ending];
  return (
    <Alert role="status" tone={ending === 'REUSED' ? 'warning' : 'info'} title={title}>
      {text}
    </Alert>
  );
}
