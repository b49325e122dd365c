/**
 * What GraphiQL keeps of its tabs, apart for each user and project of this browser: queries and variables, which hold
 * no token. Without a storage (some private modes) nothing is kept.
 */
export function explorerStorage(userId: string, ref: string, store: () => Storage) {
  const prefix = `tessera.explorer.${userId}.${ref}.`;
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
