/** At most `max` in any stretch of `windowMs`. Names are ours, and few. */
export interface RateLimitRule {
  readonly name: string;
  /** At least 1. */
  readonly max: number;
  readonly windowMs: number;
}

export interface SlotReservation {
  /** How many slots of the window were taken before this try. With `max` or more, the try took none. */
  readonly taken: number;
  /** Milliseconds until a slot is free; 0 when the try got one. */
  readonly freeInMs: number;
}

/** Where tries are counted. */
export interface RateLimitBackend {
  /**
   * Takes a slot, if one is free, in one atomic step. A try that is refused takes none, so that trying on
   * does not prolong the wait. `now` in milliseconds since the epoch.
   */
  reserve(rule: RateLimitRule, identity: string, now: number): Promise<SlotReservation>;
}
