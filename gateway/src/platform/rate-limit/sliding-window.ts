import type { SlotReservation } from './slot-reservation.ts';

/** The times of the tries that one identity made of late, oldest first. */
export class SlidingWindow {
  #times: number[] = [];
  /** Everything before this index has left the window. */
  #start = 0;

  reserve(max: number, windowMs: number, now: number): SlotReservation {
    this.#forget(now - windowMs);
    const taken = this.#times.length - this.#start;
    if (taken < max) {
      this.#times.push(now);
      return { taken, freeInMs: 0 };
    }
    // The slot that, once it is free, leaves fewer than `max` taken: the oldest, unless `max` was lowered.
    const blocking = this.#times[this.#start + taken - max] ?? now;
    return { taken, freeInMs: blocking + windowMs - now };
  }

  #forget(until: number): void {
    while ((this.#times[this.#start] ?? Infinity) <= until) this.#start++;
    if (this.#start * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#start);
      this.#start = 0;
    }
  }
}
