import { RefreshSessionDocument, type RefreshSessionMutation } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { postGraphql } from '#console/lib/api/post-graphql.ts';

/** What signing in, registering and refreshing give. */
export interface Tokens {
  readonly accessToken: string;
}

export type SessionState = 'unknown' | 'signed-in' | 'signed-out';

/**
 * Who is signed in, in this tab: the access token, in memory alone. The refresh token is a cookie that no
 * script sees.
 */
export class Session {
  #accessToken: string | null = null;
  #state: SessionState = 'unknown';
  #refreshing: Promise<boolean> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel('tessera.session');

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'signed-out') this.#become(null);
      if (data === 'signed-in') void this.refresh();
    };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** For useSyncExternalStore. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** After `login`, `register`: this tab has it, the others take the cookie. */
  signedIn({ accessToken }: Tokens): void {
    this.#become(accessToken);
    this.#channel.postMessage('signed-in');
  }

  /** After `logout`, here; the other tabs follow. */
  signedOut(): void {
    this.#become(null);
    this.#channel.postMessage('signed-out');
  }

  /** Whether somebody is signed in; asks with the cookie when that is not known yet. */
  async isSignedIn(): Promise<boolean> {
    return this.#state === 'unknown' ? this.refresh() : this.#state === 'signed-in';
  }

  /**
   * Runs `ask` with the access token, and once more with a new one when it was refused. All that are
   * refused at a time wait for one refresh.
   */
  async authorized<T>(ask: (accessToken: string | null) => Promise<T>): Promise<T> {
    const used = this.#accessToken;
    try {
      return await ask(used);
    } catch (error) {
      if (used === null || !isApiError(error, 'UNAUTHENTICATED')) throw error;
      const isRefreshed = this.#accessToken !== used || (await this.refresh());
      if (!isRefreshed || this.#accessToken === null) throw error;
      return await ask(this.#accessToken);
    }
  }

  /** One at a time; resolves to whether there is a session. A server out of reach ends none. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    const { refreshSession } = await postGraphql<RefreshSessionMutation>('/graphql', {
      document: RefreshSessionDocument.toString(),
      accessToken: null,
    });
    const isDone = refreshSession?.__typename === 'RefreshSessionSuccess';
    this.#become(isDone ? refreshSession.session.accessToken : null);
    return this.#accessToken !== null;
  }

  #become(accessToken: string | null): void {
    this.#accessToken = accessToken;
    this.#state = accessToken === null ? 'signed-out' : 'signed-in';
    for (const listener of this.#listeners) listener();
  }
}

export const session = new Session();
