import { isApiError } from '#console/lib/api/errors.ts';

/** What signing in, registering and refreshing give. */
export interface Grant {
  readonly accessToken: string;
  /** By the server's clock; RFC 3339. */
  readonly accessTokenExpiresAt: string;
  readonly user: { readonly id: string };
}

/**
 * `unknown`: not asked yet. `replaced`: somebody else has signed in with this browser, and nothing that is
 * in this page is theirs to see.
 */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'replaced';

/** What one tab tells the others. No token is among it. */
export type SessionNews =
  { readonly kind: 'signed-in'; readonly userId: string } | { readonly kind: 'signed-out' };

export interface SessionDependencies {
  /** Exchanges the cookie for a grant; null where it is not good, or not there. @throws ApiError */
  readonly refresh: () => Promise<Grant | null>;
  /** Ends the session on the server, by token and by cookie. @throws ApiError */
  readonly logout: (accessToken: string | null) => Promise<void>;
  /** To the other tabs; a page gets no news of its own. */
  readonly tell: (news: SessionNews) => void;
  /** Runs `work` while no other tab does anything to the cookie that all of them share. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Credential {
  readonly accessToken: string;
  readonly userId: string;
  /** By this tab's clock, in milliseconds; null where the two clocks do not agree well enough. */
  readonly renewAt: number | null;
}

/** A token is renewed this long ahead of its end, and only if it has several times that to live. */
const marginMs = 30_000;

/**
 * Who is signed in, in this tab: the access token, in memory alone. The refresh token is a cookie that no
 * script sees and that all tabs share; whoever signs in or out in one of them does so in all.
 */
export class Session {
  readonly #dependencies: SessionDependencies;
  readonly #listeners = new Set<() => void>();
  #credential: Credential | null = null;
  #state: SessionState = 'unknown';
  #refreshing: Promise<boolean> | null = null;
  /** Counts signing in and out: an answer to what was asked before one of them is out of date. */
  #turn = 0;

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** For useSyncExternalStore. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether somebody is signed in; asks with the cookie when that is not known yet. @throws ApiError */
  async isSignedIn(): Promise<boolean> {
    return this.#state === 'unknown' ? this.refresh() : this.#state === 'signed-in';
  }

  /** Signs in with what `login` or `register` give. What they throw is thrown, and nothing has changed. */
  async signIn(ask: () => Promise<Grant>): Promise<void> {
    const { exclusively, tell } = this.#dependencies;
    await exclusively(async () => {
      const grant = await ask();
      this.#accept(grant);
      tell({ kind: 'signed-in', userId: grant.user.id });
    });
  }

  /**
   * Signs out, here and in the other tabs.
   * @throws ApiError when the server was not reached: the cookie is still good then, so nobody is signed out
   */
  async signOut(): Promise<void> {
    const { exclusively, logout } = this.#dependencies;
    await exclusively(async () => {
      await logout(this.#credential?.accessToken ?? null);
      this.#end();
    });
  }

  /** What another tab told. */
  hear(news: SessionNews): void {
    if (news.kind === 'signed-out') {
      if (this.#state !== 'signed-out') this.#become(null);
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
   * Runs `ask` with the access token, and once more with a new one when it was refused. All that are
   * refused at a time wait for one refresh.
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
      // Never again as somebody else: what was asked for was this user's to ask for.
      if (renewed === null || renewed === used || renewed.userId !== used.userId) throw error;
      return await ask(renewed.accessToken);
    }
  }

  /** One at a time; resolves to whether there is a session. A server out of reach ends none. @throws ApiError */
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
      const grant = await refresh();
      if (turn !== this.#turn) return;
      if (grant === null) this.#end();
      else this.#accept(grant);
    });
    return this.#state === 'signed-in';
  }

  /** After what is asked already, which may be out of date. A failure leaves it to the next thing asked. */
  async #lookAgain(): Promise<void> {
    await this.#refreshing?.catch(() => undefined);
    await this.isSignedIn().catch(() => undefined);
  }

  /** Spares a refusal. The token that is there is still good when the server is out of reach. */
  async #renewIfDue(): Promise<void> {
    const renewAt = this.#credential?.renewAt ?? null;
    if (renewAt === null || this.#dependencies.now() < renewAt) return;
    await this.refresh().catch(() => undefined);
  }

  /** The cookie is no good any more, and it is the other tabs' cookie, too. */
  #end(): void {
    const wasSignedIn = this.#credential !== null;
    this.#become(null);
    if (wasSignedIn) this.#dependencies.tell({ kind: 'signed-out' });
  }

  #accept(grant: Grant): void {
    const isOther = this.#credential !== null && this.#credential.userId !== grant.user.id;
    if (isOther) this.#becomeReplaced();
    else this.#become(grant);
  }

  #become(grant: Grant | null): void {
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
    // A clock that is minutes ahead would have every request refresh.
    const renewAt = left > 4 * marginMs ? now + left - marginMs : null;
    return { accessToken, userId: user.id, renewAt };
  }
}
