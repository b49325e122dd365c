/** Memory that many requests share, with a total limit and a limit per holder. */
export interface ByteBudget {
  /**
   * Reserves bytes.
   * @param share what the limits are multiplied with @default 1
   * @returns false, without reserving anything, if a limit would be exceeded
   */
  reserve(holder: string, bytes: number, share?: number): boolean;
  /** Reserves bytes regardless of the limits, for memory that is already in use. */
  add(holder: string, bytes: number): void;
  /** Releases bytes that were reserved for the holder. */
  release(holder: string, bytes: number): void;
  /** The total number of reserved bytes. */
  readonly used: number;
}

export interface ByteBudgetLimits {
  readonly total: number;
  readonly perHolder: number;
}

export function createByteBudget({ total, perHolder }: ByteBudgetLimits): ByteBudget {
  /** Contains only holders with reserved bytes, so `total` limits its size. */
  const holders = new Map<string, number>();
  let used = 0;
  const add = (holder: string, bytes: number): void => {
    used += bytes;
    if (bytes > 0) holders.set(holder, (holders.get(holder) ?? 0) + bytes);
  };
  return {
    reserve(holder, bytes, share = 1) {
      const ofHolder = (holders.get(holder) ?? 0) + bytes;
      if (used + bytes > total * share || ofHolder > perHolder * share) return false;
      add(holder, bytes);
      return true;
    },
    add,
    release(holder, bytes) {
      const left = (holders.get(holder) ?? 0) - bytes;
      if (left > 0) holders.set(holder, left);
      else holders.delete(holder);
      used -= bytes;
    },
    get used() {
      return used;
    },
  };
}
