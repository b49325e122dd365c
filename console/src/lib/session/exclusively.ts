/** Longer than a tab takes that is in good health; a tab that hangs must not keep the others out. */
const patienceMs = 15_000;

/**
 * Runs `work` while no other tab of this origin runs any. Where a browser has no locks (a page that came over
 * plain http from another host), it runs at once: the server puts up with two tabs that refresh at a time.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // The types know of secure pages only.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return work();
  const signal = AbortSignal.timeout(patienceMs);
  try {
    // Once the lock is held, the signal ends nothing any more.
    return await locks.request('tessera.session', { signal }, work);
  } catch (error) {
    if (error === signal.reason) return work();
    throw error;
  }
}
