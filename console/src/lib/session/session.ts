import {
  LogoutDocument,
  RefreshSessionDocument,
  type LogoutMutation,
  type RefreshSessionMutation,
} from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { postGraphql } from '#console/lib/api/post-graphql.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

import { exclusively } from './exclusively.ts';
import { Session, type Grant, type SessionEnding, type SessionNews } from './tab-session.ts';

const channel = new BroadcastChannel('tessera.session');

/** This tab's session with the gateway that serves the page. */
export const session = new Session({
  refresh,
  logout,
  exclusively,
  tell: (news) => channel.postMessage(news),
  now: () => Date.now(),
});

// Only pages of this origin can post to the channel, and only this module does.
channel.onmessage = ({ data }: MessageEvent<SessionNews>) => session.hear(data);

async function refresh(): Promise<Grant | SessionEnding | null> {
  const { refreshSession } = await postGraphql<RefreshSessionMutation>('/graphql', {
    document: RefreshSessionDocument.toString(),
    accessToken: null,
  });
  if (refreshSession?.__typename === 'InvalidTokenError') return refreshSession.sessionEnd;
  return expectSuccess(refreshSession, 'RefreshSessionSuccess').session;
}

async function logout(accessToken: string | null): Promise<void> {
  const ask = (token: string | null): Promise<LogoutMutation> =>
    postGraphql('/graphql', { document: LogoutDocument.toString(), accessToken: token });
  const data = await ask(accessToken).catch((error: unknown) => {
    // The access token may have expired. The cookie alone is sufficient.
    if (accessToken !== null && isApiError(error, 'UNAUTHENTICATED')) return ask(null);
    throw error;
  });
  expectSuccess(data.logout, 'LogoutSuccess');
}
