/**
 * Limits the number of entries of an `LRUCache`. With its option `max`, the cache allocates memory for all entries when
 * it is created, which is about 40 bytes per entry. With these options, its memory grows with the entries.
 */
export const growingUpTo = (max: number) => ({ maxSize: max, sizeCalculation: () => 1 });
