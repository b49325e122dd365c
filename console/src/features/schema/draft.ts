/**
 * The editor's unapplied text, stored in the tab's session storage so that it survives navigation and reloads. A schema
 * is not secret, and only members of the project can open the page that reads it.
 */
export const draft = {
  read: (ref: string): string | null => attempt(() => sessionStorage.getItem(keyOf(ref))) ?? null,
  write: (ref: string, text: string): void => {
    attempt(() => sessionStorage.setItem(keyOf(ref), text));
  },
  forget: (ref: string): void => {
    attempt(() => sessionStorage.removeItem(keyOf(ref)));
  },
};

const keyOf = (ref: string): string => `tessera.schema-draft.${ref}`;

/** Browsers can refuse access to storage. The draft is then kept only while the page is mounted. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
