import { isApiError } from '#console/lib/api/errors.ts';

/** The result of signing in, registering or refreshing. */
export interface Grant {
  readonly accessToken: string;
  /** A timestamp in RFC 3339 format, by the server's clock. */
  readonly accessTokenExpiresAt: string;
  readonly user: { readonly id: string };
}

/**
 * `unknown`: not checked yet. `replaced`: another user has signed in with this browser and must not see the contents of
 * this page.
 */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'replaced';

/**
 * Why the user is signed out. The server reports `EXPIRED`, `REVOKED` (ended on another device, or by a new password)
 * and `REUSED` (the refresh token may have been stolen). `UNKNOWN`: the cookie is missing, or too old for the server.
 */
export type SessionEnding = 'EXPIRED' | 'REVOKED' | 'REUSED' | 'OTHER_TAB' | 'UNKNOWN';

/** A message to the other tabs. It never contains a token. */
export type SessionNews =
  | { readonly kind: 'signed-in'; readonly userId: string }
  /** `ending` is absent if the other tab runs an earlier version of the console. */
  | { readonly kind: 'signed-out'; readonly ending?: SessionEnding };

export interface SessionDependencies {
  /**
   * Exchanges the cookie for a grant. If the cookie's session has ended, returns the reason; if the cookie is missing or
   * invalid, null. @throws ApiError
   */
  readonly refresh: () => Promise<Grant | SessionEnding | null>;
  /** Ends the server session identified by the token and the cookie. @throws ApiError */
  readonly logout: (accessToken: string | null) => Promise<void>;
  /** Sends a message to the other tabs. */
  readonly tell: (news: SessionNews) => void;
  /** Runs `work` while no other tab changes the shared cookie. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** The current time in milliseconds. */
  readonly now: () => number;
}

interface Credential {
  readonly accessToken: string;
  readonly userId: string;
  /** When to renew the token, in milliseconds by this tab's clock; null if the server's clock differs too much. */
  readonly renewAt: number | null;
}

/**
 * A token is renewed this long before it expires. Tokens that expire in less than four times this period are not
 * renewed early.
 */
const marginMs = 30_000;

/**
 * This tab's session. The access token is kept only in memory. The refresh token is a cookie that scripts cannot read
 * and that all tabs share, so signing in or out in one tab affects all tabs.
 */
export class Session {
  readonly #dependencies: SessionDependencies;
  readonly #listeners = new Set<() => void>();
  #credential: Credential | null = null;
  #state: SessionState = 'unknown';
  #ending: SessionEnding | null = null;
  #refreshing: Promise<boolean> | null = null;
  /** Incremented on every sign-in and sign-out, to detect responses to requests that were sent earlier. */
  #turn = 0;

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Why the user was signed out; null while signed in, on a first visit, and after signing out in this tab. */
  get ending(): SessionEnding | null {
    return this.#ending;
  }

  /** For useSyncExternalStore. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether a user is signed in. If this is not known yet, refreshes the session with the cookie. @throws ApiError */
  async isSignedIn(): Promise<boolean> {
    return this.#state === 'unknown' ? this.refresh() : this.#state === 'signed-in';
  }

  /** Signs in with the grant that `ask` returns. If `ask` throws, the session does not change. */
  async signIn(ask: () => Promise<Grant>): Promise<void> {
    const { exclusively, tell } = this.#dependencies;
    await exclusively(async () => {
      const grant = await ask();
      this.#accept(grant);
      tell({ kind: 'signed-in', userId: grant.user.id });
    });
  }

  /**
   * Signs out in all tabs.
   * @throws ApiError if the server cannot be reached. The cookie is then still valid, so the session continues
   */
  async signOut(): Promise<void> {
    const { exclusively, logout } = this.#dependencies;
    await exclusively(async () => {
      await logout(this.#credential?.accessToken ?? null);
      this.#end(null, 'OTHER_TAB');
    });
  }

  /** Handles a message from another tab. */
  hear(news: SessionNews): void {
    if (news.kind === 'signed-out') {
      if (this.#state !== 'signed-out') this.#become(null, news.ending ?? 'UNKNOWN');
      return;
    }
    if (news.userId === this.#credential?.userId) return;
    if (this.#credential !== null) {
      this.#becomeReplaced();
      return;
    }
    this.#turn += 1;
    this.#state = 'unknown';
    void this.#lookAgain();
  }

  /**
   * Runs `ask` with the access token, and once more with a new token if the first one was rejected. Concurrent calls
   * share one refresh.
   */
  async authorized<T>(ask: (accessToken: string | null) => Promise<T>): Promise<T> {
    await this.#renewIfDue();
    const used = this.#credential;
    try {
      return await ask(used?.accessToken ?? null);
    } catch (error) {
      if (used === null || !isApiError(error, 'UNAUTHENTICATED')) throw error;
      if (this.#credential === used) await this.refresh();
      const renewed = this.#credential;
      // Never retry as another user: the request was made on behalf of the first user.
      if (renewed === null || renewed === used || renewed.userId !== used.userId) throw error;
      return await ask(renewed.accessToken);
    }
  }

  /**
   * Refreshes the session and resolves to whether a user is signed in. Concurrent calls share one refresh. The session
   * continues if the server cannot be reached. @throws ApiError
   */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    const { exclusively, refresh } = this.#dependencies;
    await exclusively(async () => {
      const turn = this.#turn;
      const result = await refresh();
      if (turn !== this.#turn) return;
      if (result !== null && typeof result !== 'string') this.#accept(result);
      // Without a reason, a session was lost only if this tab had one.
      else this.#end(result ?? (this.#credential && 'UNKNOWN'));
    });
    return this.#state === 'signed-in';
  }

  /**
   * Waits for any pending refresh, whose result may be outdated, and then checks the session. If the check fails, the
   * next request checks again.
   */
  async #lookAgain(): Promise<void> {
    await this.#refreshing?.catch(() => undefined);
    await this.isSignedIn().catch(() => undefined);
  }

  /** Renews a token that is about to expire. On failure, the current token is used, because it is still valid. */
  async #renewIfDue(): Promise<void> {
    const renewAt = this.#credential?.renewAt ?? null;
    if (renewAt === null || this.#dependencies.now() < renewAt) return;
    await this.refresh().catch(() => undefined);
  }

  /** Ends the session in all tabs, because they share the cookie that has become invalid. */
  #end(ending: SessionEnding | null, elsewhere = ending): void {
    const wasSignedIn = this.#credential !== null;
    this.#become(null, ending);
    if (wasSignedIn) {
      this.#dependencies.tell({ kind: 'signed-out', ending: elsewhere ?? 'UNKNOWN' });
    }
  }

  #accept(grant: Grant): void {
    const isOther = this.#credential !== null && this.#credential.userId !== grant.user.id;
    if (isOther) this.#becomeReplaced();
    else this.#become(grant);
  }

  #become(grant: Grant | null, ending: SessionEnding | null = null): void {
    this.#ending = ending;
    this.#credential = grant === null ? null : this.#credentialOf(grant);
    this.#change(grant === null ? 'signed-out' : 'signed-in');
  }

  #becomeReplaced(): void {
    this.#credential = null;
    this.#change('replaced');
  }

  #change(state: SessionState): void {
    this.#turn += 1;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #credentialOf({ accessToken, accessTokenExpiresAt, user }: Grant): Credential {
    const now = this.#dependencies.now();
    const left = Date.parse(accessTokenExpiresAt) - now;
    // Otherwise, if this clock were minutes ahead of the server's, every request would trigger a refresh.
    const renewAt = left > 4 * marginMs ? now + left - marginMs : null;
    return { accessToken, userId: user.id, renewAt };
  }
}
