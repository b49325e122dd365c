import type { LiveResult } from './live-results.ts';
import { openOutlet, type Outlet } from './outlet.ts';

/** Passes results to a transport that pulls them one at a time. */
export class Reader {
  #waiting: ((result: LiveResult | null) => void) | null = null;
  readonly #take: () => LiveResult | null;
  /** A result to deliver before all others. */
  #urgent: LiveResult | null = null;
  #isEnded = false;
  #isHeld = false;
  #outlet: Outlet = openOutlet;
  readonly #wake = () => this.wake();

  /** @param take returns the next result, or null if there is none yet */
  constructor(take: () => LiveResult | null) {
    this.#take = take;
  }

  /** Whether the transport waits for a result and can send it. */
  get isWaiting(): boolean {
    return this.#waiting !== null && !this.#isHeld && this.#outlet.isOpen;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  next(outlet: Outlet = openOutlet): Promise<LiveResult | null> {
    if (this.#waiting !== null) throw new Error('The last call of next() has not settled yet.');
    this.#outlet = outlet;
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.wake();
    });
  }

  /** Delivers a result if there is one and the transport waits for it. */
  wake(): void {
    const resolve = this.#waiting;
    if (resolve === null || (this.#isHeld && !this.#isEnded)) return;
    if (!this.#outlet.isOpen && !this.#isEnded) {
      this.#outlet.onOpen(this.#wake);
      return;
    }
    const result = this.#urgent ?? (this.#isEnded ? null : this.#take());
    this.#urgent = null;
    if (result === null && !this.#isEnded) return;
    this.#waiting = null;
    resolve(result);
  }

  /** Delivers an error before all other results. */
  fail(result: LiveResult): void {
    if (this.#isEnded) return;
    this.#urgent = result;
    this.wake();
  }

  /** Delivers nothing until `release`, except for the end. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.wake();
  }

  /** Forgets an error that was not delivered, because what caused it is over. */
  forgetError(): void {
    if (!this.#isEnded) this.#urgent = null;
  }

  /** Delivers no results except for a last error. */
  end(last: LiveResult | null = null): void {
    if (this.#isEnded) return;
    if (last !== null) this.#urgent = last;
    this.#isEnded = true;
    this.wake();
  }
}
