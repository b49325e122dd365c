/** What a count comes to. */
export interface Count {
  /** How many of the window were taken before this one. With the maximum or more, it took none. */
  readonly taken: number;
  /** Milliseconds until the oldest of the counted leave, and for who was refused, until one is let through. */
  readonly freeInMs: number;
}

/** A minute is counted in slots of five seconds. */
export const slotMs = 5_000;
/** Those of a whole minute, and the one in which it began. */
export const slots = 60_000 / slotMs + 1;

/**
 * How often something happened of late, in thirteen numbers however often that was. What shares its slot with the
 * minute's beginning counts in full: in no minute there are ever more than the maximum, and who was refused
 * waits up to five seconds longer than by an exact count.
 */
export class MinuteCount {
  readonly #counts = new Uint32Array(slots);
  #latest = 0;
  #total = 0;

  /** Takes one, if fewer than `max` are taken. `now` in milliseconds; one that goes backwards stands still. */
  take(max: number, now: number): Count {
    this.#forgetBefore(Math.floor(now / slotMs));
    const taken = this.#total;
    const current = this.#latest % slots;
    if (taken < max) {
      this.#counts[current] = (this.#counts[current] ?? 0) + 1;
      this.#total += 1;
    }
    return { taken, freeInMs: this.#freeAt(max) - now };
  }

  #forgetBefore(slot: number): void {
    if (slot - this.#latest >= slots) {
      this.#counts.fill(0);
      this.#total = 0;
      this.#latest = slot;
    }
    while (this.#latest < slot) {
      this.#latest += 1;
      const reused = this.#latest % slots;
      this.#total -= this.#counts[reused] ?? 0;
      this.#counts[reused] = 0;
    }
  }

  /** When enough of the oldest have left. */
  #freeAt(max: number): number {
    let left = this.#total;
    for (let slot = this.#latest - slots + 1; slot < this.#latest; slot += 1) {
      const count = this.#counts[slot % slots] ?? 0;
      left -= count;
      if (count > 0 && left < max) return (slot + slots) * slotMs;
    }
    return (this.#latest + slots) * slotMs;
  }
}
