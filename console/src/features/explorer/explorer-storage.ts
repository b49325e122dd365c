/**
 * Stores GraphiQL's tabs separately for each owner and project. The owner is a user, or `key` on the page for keys. The tabs contain queries and variables, but no tokens.
 * If the browser denies access to storage, as in some private modes, nothing is stored.
 */
export function explorerStorage(owner: string, ref: string, store: () => Storage) {
  const prefix = `tessera.explorer.${owner}.${ref}.`;
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return work(store());
    } catch {
      return otherwise;
    }
  };
  const ownKeys = (): readonly string[] =>
    attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(prefix)), []);
  return {
    getItem: (key: string) => attempt((storage) => storage.getItem(prefix + key), null),
    setItem: (key: string, value: string) =>
      attempt((storage) => storage.setItem(prefix + key, value), undefined),
    removeItem: (key: string) => attempt((storage) => storage.removeItem(prefix + key), undefined),
    clear: () => {
      for (const key of ownKeys()) attempt((storage) => storage.removeItem(key), undefined);
    },
    get length() {
      return ownKeys().length;
    },
  };
}
