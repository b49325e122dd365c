const fragment = /^#token=([\w-]{1,512})$/;

/** The token in the fragment of a mailed link (`#token=…`); null for any other fragment. */
const tokenIn = (hash: string): string | null => fragment.exec(hash)?.[1] ?? null;

/**
 * Takes the token of a mailed link out of the address at once, before the router or anything else has read
 * the address: it is kept in this page's memory alone. To be imported first.
 */
function take(): { readonly path: string; readonly token: string } | null {
  const token = tokenIn(location.hash);
  if (token === null) return null;
  const { pathname, search } = location;
  history.replaceState(history.state, '', pathname + search);
  return { path: pathname, token };
}

const taken = take();

// Another link that is put into this tab's address bar may change the fragment alone.
addEventListener('hashchange', () => {
  if (tokenIn(location.hash) !== null) location.reload();
});

/** The token that this page was opened with at `path`; null without one. */
export const mailedToken = (path: string): string | null =>
  taken?.path === path ? taken.token : null;
