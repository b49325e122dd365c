const fragment = /^#token=([\w-]{1,512})$/;

/** The token in the fragment of an emailed link (`#token=…`); null for any other fragment. */
const tokenIn = (hash: string): string | null => fragment.exec(hash)?.[1] ?? null;

/**
 * Removes the token in an emailed link from the URL and keeps it in memory. Import this module first, so that it runs
 * before the router or other code reads the URL.
 */
function take(): { readonly path: string; readonly token: string } | null {
  const token = tokenIn(location.hash);
  if (token === null) return null;
  const { pathname, search } = location;
  history.replaceState(history.state, '', pathname + search);
  return { path: pathname, token };
}

const taken = take();

// Opening another link in this tab might change only the fragment, which does not reload the page.
addEventListener('hashchange', () => {
  if (tokenIn(location.hash) !== null) location.reload();
});

/** The token in the emailed link that opened the page at `path`; null if there was no token. */
export const mailedToken = (path: string): string | null =>
  taken?.path === path ? taken.token : null;
