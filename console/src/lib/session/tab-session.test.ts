import { describe, expect, it } from 'vitest';

import { ApiError } from '#console/lib/api/errors.ts';

import { Session, type Grant, type SessionEnding, type SessionNews } from './tab-session.ts';

const refused = () => new ApiError('UNAUTHENTICATED', 'This credential is not valid.');
const outOfReach = () => new ApiError('NETWORK', 'The server cannot be reached.');

/** A fake gateway, and one browser with its cookie and its tabs. */
function createBrowser() {
  let cookie: string | null = null;
  let issued = 0;
  const valid = new Set<string>();
  const tabs: Session[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  const gateway = {
    refreshes: 0,
    /** The reason that a refresh without a cookie reports. */
    ending: null as SessionEnding | null,
    /** Runs during `refresh`, before it returns. */
    beforeRefresh: (): Promise<void> => Promise.resolve(),
    clockAheadMs: 0,
    now: 1_000_000,
    grant(userId: string): Grant {
      cookie = userId;
      issued += 1;
      const accessToken = `${userId} ${issued}`;
      valid.add(accessToken);
      const accessTokenExpiresAt = new Date(gateway.now + 600_000 - gateway.clockAheadMs);
      return {
        accessToken,
        accessTokenExpiresAt: accessTokenExpiresAt.toISOString(),
        user: { id: userId },
      };
    },
    /** Returns the id of the user that the token belongs to. */
    ask: (accessToken: string | null): Promise<string> => {
      if (accessToken === null) return Promise.resolve('nobody');
      return valid.has(accessToken)
        ? Promise.resolve(accessToken.split(' ')[0] ?? '')
        : Promise.reject(refused());
    },
    expireTokens: () => valid.clear(),
    endSession: () => {
      cookie = null;
      valid.clear();
    },
  };
  const openTab = (): Session => {
    const tab: Session = new Session({
      refresh: async () => {
        gateway.refreshes += 1;
        const held = cookie;
        await gateway.beforeRefresh();
        return held === null ? gateway.ending : gateway.grant(held);
      },
      logout: () => {
        gateway.endSession();
        return Promise.resolve();
      },
      tell: (news: SessionNews) => {
        for (const other of tabs) if (other !== tab) other.hear(news);
      },
      exclusively: (work) => {
        const turn = queue.then(work, work);
        queue = turn.catch(() => undefined);
        return turn;
      },
      now: () => gateway.now,
    });
    tabs.push(tab);
    return tab;
  };
  const signIn = (tab: Session, userId: string) =>
    tab.signIn(() => Promise.resolve(gateway.grant(userId)));
  return { gateway, openTab, signIn };
}

/** Waits until pending work in other tabs has finished. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a tab's session", () => {
  it('is restored from the cookie with a single refresh', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    await signIn(openTab(), 'ada');
    const tab = openTab();
    expect(await Promise.all([tab.isSignedIn(), tab.isSignedIn()])).toEqual([true, true]);
    expect(gateway.refreshes).toBe(1);
    expect(await tab.authorized(gateway.ask)).toBe('ada');
  });

  it('is signed out without a cookie and does not refresh again', async () => {
    const { gateway, openTab } = createBrowser();
    const tab = openTab();
    expect(await tab.isSignedIn()).toBe(false);
    expect(await tab.isSignedIn()).toBe(false);
    expect(gateway.refreshes).toBe(1);
    expect(await tab.authorized(gateway.ask)).toBe('nobody');
  });

  it('stays unknown while the server is unreachable', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    await signIn(openTab(), 'ada');
    const tab = openTab();
    gateway.beforeRefresh = () => Promise.reject(outOfReach());
    await expect(tab.isSignedIn()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(tab.state).toBe('unknown');
    gateway.beforeRefresh = () => Promise.resolve();
    expect(await tab.isSignedIn()).toBe(true);
  });
});

describe('requests with an expired token', () => {
  it('wait for one refresh and are retried once', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.expireTokens();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => tab.authorized(gateway.ask)),
    );
    expect(new Set(answers)).toEqual(new Set(['ada']));
    expect(gateway.refreshes).toBe(1);
  });

  it('are sent at most twice', async () => {
    const { openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.reject(refused());
    };
    await expect(tab.authorized(ask)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toBe(2);
    expect(tab.state).toBe('signed-in');
  });

  it('fail on a network error without ending the session', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.expireTokens();
    gateway.beforeRefresh = () => Promise.reject(outOfReach());
    await expect(tab.authorized(gateway.ask)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(tab.state).toBe('signed-in');
    gateway.beforeRefresh = () => Promise.resolve();
    expect(await tab.authorized(gateway.ask)).toBe('ada');
  });

  it('end the session in every tab if the cookie is also invalid', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    await signIn(tab, 'ada');
    await settled();
    gateway.endSession();
    await expect(tab.authorized(gateway.ask)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect([tab.state, other.state]).toEqual(['signed-out', 'signed-out']);
  });

  it('are not retried after other errors', async () => {
    const { openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.reject(outOfReach());
    };
    await expect(tab.authorized(ask)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(asked).toBe(1);
  });
});

describe('a token that is about to expire', () => {
  it('is renewed before it is used', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.now += 569_000;
    await tab.authorized(gateway.ask);
    expect(gateway.refreshes).toBe(0);
    gateway.now += 1_000;
    await Promise.all([tab.authorized(gateway.ask), tab.authorized(gateway.ask)]);
    expect(gateway.refreshes).toBe(1);
  });

  it('is used unchanged if it cannot be renewed', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.now += 580_000;
    gateway.beforeRefresh = () => Promise.reject(outOfReach());
    expect(await tab.authorized(gateway.ask)).toBe('ada');
  });

  it('is not renewed early if the local clock is minutes ahead', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    gateway.clockAheadMs = 550_000;
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.now += 100_000;
    await tab.authorized(gateway.ask);
    expect(gateway.refreshes).toBe(0);
  });
});

describe('several tabs', () => {
  it('are signed in together', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    expect(await other.isSignedIn()).toBe(false);
    const heard: string[] = [];
    other.subscribe(() => heard.push(other.state));
    await signIn(tab, 'ada');
    await settled();
    expect(heard).toEqual(['signed-in']);
    expect(await other.authorized(gateway.ask)).toBe('ada');
  });

  it('are signed out together', async () => {
    const { openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    await signIn(tab, 'ada');
    await settled();
    await tab.signOut();
    expect([tab.state, other.state]).toEqual(['signed-out', 'signed-out']);
  });

  it('stay signed in if the sign-out request does not reach the server', async () => {
    const { openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    const failing = new Session({
      refresh: () => Promise.resolve(null),
      logout: () => Promise.reject(outOfReach()),
      tell: (news) => tab.hear(news),
      exclusively: (work) => work(),
      now: () => 0,
    });
    await expect(failing.signOut()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(tab.state).toBe('signed-in');
  });

  it('enter the `replaced` state when another user signs in', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    await signIn(other, 'ada');
    await settled();
    tab.hear({ kind: 'signed-out', ending: 'OTHER_TAB' });
    await signIn(tab, 'grace');
    await settled();
    expect(other.state).toBe('replaced');
    expect(await other.authorized(gateway.ask)).toBe('nobody');
  });

  it("do not retry a request with another user's token", async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const deaf = openTab();
    await signIn(deaf, 'ada');
    // The tab does not receive the sign-in message, as if the browser had suspended the tab.
    gateway.expireTokens();
    gateway.grant('grace');
    const asked: (string | null)[] = [];
    const ask = (accessToken: string | null) => {
      asked.push(accessToken);
      return gateway.ask(accessToken);
    };
    await expect(deaf.authorized(ask)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toEqual(['ada 1']);
    expect(deaf.state).toBe('replaced');
  });

  it('do not retry a request that is rejected after another user signs in', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    let refuse = () => {};
    const asked: (string | null)[] = [];
    const asking = tab.authorized((accessToken) => {
      asked.push(accessToken);
      return new Promise<never>((_resolve, reject) => {
        refuse = () => reject(refused());
      });
    });
    await settled();
    await tab.signOut();
    await signIn(tab, 'grace');
    refuse();
    await expect(asking).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(asked).toEqual(['ada 1']);
    expect(await tab.authorized(gateway.ask)).toBe('grace');
  });

  it('stay signed out when an earlier refresh completes after the sign-out', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.expireTokens();
    let answer = () => {};
    gateway.beforeRefresh = () => new Promise<void>((resolve) => (answer = resolve));
    const refreshing = tab.refresh();
    await settled();
    tab.hear({ kind: 'signed-out', ending: 'OTHER_TAB' });
    answer();
    expect(await refreshing).toBe(false);
    expect(tab.state).toBe('signed-out');
  });
});

describe('the reason for being signed out', () => {
  it('is what the server reports, in every tab', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    await signIn(tab, 'ada');
    await settled();
    gateway.endSession();
    gateway.ending = 'REVOKED';
    await expect(tab.authorized(gateway.ask)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect([tab.ending, other.ending]).toEqual(['REVOKED', 'REVOKED']);
  });

  it('is also reported to a tab that opens after the session has ended', async () => {
    const { gateway, openTab } = createBrowser();
    gateway.ending = 'EXPIRED';
    const tab = openTab();
    expect(await tab.isSignedIn()).toBe(false);
    expect(tab.ending).toBe('EXPIRED');
  });

  it('is unknown if the cookie of a signed-in tab is gone', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    await signIn(tab, 'ada');
    gateway.endSession();
    await tab.refresh();
    expect(tab.ending).toBe('UNKNOWN');
  });

  it('is null on a first visit, and after signing out in the same tab', async () => {
    const { openTab, signIn } = createBrowser();
    const [tab, other] = [openTab(), openTab()];
    expect(await tab.isSignedIn()).toBe(false);
    expect(tab.ending).toBeNull();
    await signIn(tab, 'ada');
    await settled();
    await tab.signOut();
    expect([tab.ending, other.ending]).toEqual([null, 'OTHER_TAB']);
  });

  it('is forgotten after the next sign-in', async () => {
    const { gateway, openTab, signIn } = createBrowser();
    const tab = openTab();
    gateway.ending = 'EXPIRED';
    await tab.isSignedIn();
    await signIn(tab, 'ada');
    expect(tab.ending).toBeNull();
  });
});
