import { liveLimits } from './limits.ts';
import type { Subscription } from './subscription.ts';
import type { Timers } from './timers.ts';

/**
 * The subscriptions of a project that deliver nothing, because their plans might be of an earlier version than the
 * project's current one, whose access rules might permit less. None is held for longer than `liveLimits.recompileMs`.
 */
export class HeldSubscriptions {
  readonly #timers: Timers;
  readonly #onOverdue: (subscription: Subscription) => void;
  /** When each was held, in this order. */
  readonly #since = new Map<Subscription, number>();
  #cancelTimer: (() => void) | null = null;

  /** @param onOverdue called with a subscription that was not released in time. It must be released or ended */
  constructor(timers: Timers, onOverdue: (subscription: Subscription) => void) {
    this.#timers = timers;
    this.#onOverdue = onOverdue;
  }

  get size(): number {
    return this.#since.size;
  }

  hold(subscription: Subscription): void {
    if (this.#since.has(subscription)) return;
    subscription.hold();
    this.#since.set(subscription, this.#timers.now());
    this.#schedule();
  }

  release(subscription: Subscription): void {
    if (this.#since.delete(subscription)) subscription.release();
    this.#stopTimerIfEmpty();
  }

  /** Forgets a subscription that has ended. */
  forget(subscription: Subscription): void {
    this.#since.delete(subscription);
    this.#stopTimerIfEmpty();
  }

  #schedule(): void {
    const [oldest] = this.#since.values();
    if (oldest === undefined || this.#cancelTimer !== null) return;
    const wait = oldest + liveLimits.recompileMs - this.#timers.now();
    this.#cancelTimer = this.#timers.after(Math.max(0, wait), () => {
      this.#cancelTimer = null;
      this.#endOverdue();
      this.#schedule();
    });
  }

  #endOverdue(): void {
    const latest = this.#timers.now() - liveLimits.recompileMs;
    const overdue = [...this.#since].filter(([, since]) => since <= latest);
    for (const [subscription] of overdue) {
      this.#since.delete(subscription);
      this.#onOverdue(subscription);
    }
  }

  #stopTimerIfEmpty(): void {
    if (this.#since.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
