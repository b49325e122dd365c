import { LRUCache } from 'lru-cache';

import { growingUpTo } from '../../platform/cache/growing-cache.ts';

/**
 * Limits how long the main thread parses, validates and compiles for one project, and for all projects. A project that
 * has used its share continues on the compute thread.
 */
export interface MainThreadBudget {
  /** Whether the main thread may compute for this project now. */
  isOpen(project: string): boolean;
  /** Counts time that the main thread has computed for the project. */
  spend(project: string, ms: number): void;
}

/** A new project can prepare some tens of usual documents at once. */
const projectShare = { burstMs: 100, msPerSecond: 20 };
const totalShare = { burstMs: 300, msPerSecond: 150 };
const maxProjects = 10_000;

interface Account {
  /** Negative after a computation that took longer than the balance. */
  balanceMs: number;
  at: number;
}

/** @param now returns a time in milliseconds that never steps back */
export function createMainThreadBudget(now: () => number): MainThreadBudget {
  const accounts = new LRUCache<string, Account>(growingUpTo(maxProjects));
  const total: Account = { balanceMs: totalShare.burstMs, at: now() };

  const refill = (account: Account, { burstMs, msPerSecond }: typeof projectShare): number => {
    const at = now();
    const earned = ((at - account.at) / 1_000) * msPerSecond;
    account.balanceMs = Math.min(burstMs, account.balanceMs + earned);
    account.at = at;
    return account.balanceMs;
  };
  const accountOf = (project: string): Account => {
    const known = accounts.get(project);
    if (known !== undefined) return known;
    const account = { balanceMs: projectShare.burstMs, at: now() };
    accounts.set(project, account);
    return account;
  };

  return {
    isOpen: (project) =>
      refill(total, totalShare) > 0 && refill(accountOf(project), projectShare) > 0,
    spend(project, ms) {
      refill(total, totalShare);
      total.balanceMs -= ms;
      const account = accountOf(project);
      refill(account, projectShare);
      account.balanceMs -= ms;
    },
  };
}
