/**
 * The text that is being written, kept in this tab: it survives a look at other pages and a reload. An SDL
 * is no secret, and only members of the project get to the page that reads it.
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

/** Browsers may refuse to store; then the text lives as long as the page. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
