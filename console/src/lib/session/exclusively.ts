/**
 * The maximum time to wait for the lock. It is longer than `work` normally takes, but a hung tab must not block the
 * others.
 */
const patienceMs = 15_000;

/**
 * Runs `work` under a lock that all tabs of this origin share. Browsers do not provide locks to insecure pages (plain
 * HTTP from another host). On such pages, `work` runs immediately, because the server tolerates concurrent refreshes.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // TypeScript's declaration assumes a secure context.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return work();
  const signal = AbortSignal.timeout(patienceMs);
  try {
    // The signal has no effect once the lock is acquired.
    return await locks.request('tessera.session', { signal }, work);
  } catch (error) {
    if (error === signal.reason) return work();
    throw error;
  }
}
