/** More are the next run's. */
const maxBatches = 500;

/** Deletes batch after batch until one is not full. @returns how many rows in all */
export async function inBatches(size: number, deleteBatch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const deleted = await deleteBatch();
    total += deleted;
    if (deleted < size) break;
  }
  return total;
}
