/** The maximum number of batches per run. Any remaining rows are deleted by the next run. */
const maxBatches = 500;

/**
 * Deletes rows in batches until a batch is not full or the maximum number of batches is reached.
 * @returns the number of rows that were deleted
 */
export async function inBatches(size: number, deleteBatch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const deleted = await deleteBatch();
    total += deleted;
    if (deleted < size) break;
  }
  return total;
}
