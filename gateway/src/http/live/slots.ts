/** What a slot counts against, and the maximum. */
export type SlotLimit = readonly [holder: string, max: number];

/** Counts what is open at once, by holder. */
export interface Slots {
  /**
   * Takes one slot of each holder.
   * @returns a function that releases them, or null if a holder has no slot left. Then none is taken
   */
  take(limits: readonly SlotLimit[]): (() => void) | null;
}

export function createSlots(): Slots {
  /** Holders without a slot have no entry. */
  const counts = new Map<string, number>();
  const change = (holder: string, by: 1 | -1): void => {
    const count = (counts.get(holder) ?? 0) + by;
    if (count === 0) counts.delete(holder);
    else counts.set(holder, count);
  };
  return {
    take(limits) {
      if (limits.some(([holder, max]) => (counts.get(holder) ?? 0) >= max)) return null;
      for (const [holder] of limits) change(holder, 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        for (const [holder] of limits) change(holder, -1);
      };
    },
  };
}
