/** Memory that many requests share, with a total limit and a limit per holder. */
export interface ByteBudget {
  /** Reserves bytes. @returns false, without reserving anything, if a limit would be exceeded */
  reserve(holder: string, bytes: number): boolean;
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
  return {
    reserve(holder, bytes) {
      const ofHolder = (holders.get(holder) ?? 0) + bytes;
      if (used + bytes > total || ofHolder > perHolder) return false;
      used += bytes;
      if (bytes > 0) holders.set(holder, ofHolder);
      return true;
    },
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
