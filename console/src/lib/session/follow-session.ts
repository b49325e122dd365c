import type { Session } from './tab-session.ts';

/** A page's reactions to session changes. */
export interface FollowingPage {
  readonly isLoading: () => boolean;
  /** Loads the current route again, including its access check. */
  readonly revalidate: () => Promise<void>;
  /** Clears all fetched data. */
  readonly forget: () => void;
  /** Reloads the console, which discards the whole page. */
  readonly restart: () => void;
}

/** Updates the page whenever the signed-in user changes. */
export function followSession(session: Session, page: FollowingPage): void {
  let before = session.state;
  session.subscribe(() => {
    const { state } = session;
    if (state === before) return;
    if (state === 'replaced') page.restart();
    // Show the sign-in page first, then clear the user's data.
    if (state === 'signed-out' && before === 'signed-in') {
      page.revalidate().then(page.forget, page.restart);
    }
    // A page that is loading needs no revalidation: its access check caused this change.
    if (state === 'signed-in' && !page.isLoading()) page.revalidate().catch(page.restart);
    before = state;
  });
}

/**
 * Checks the session when the browser restores a page from the back/forward cache, because the user may have signed out
 * since. The page stays hidden until the check is complete.
 */
export function checkWhenRestored(session: Session, root: HTMLElement): void {
  window.addEventListener('pagehide', ({ persisted }) => {
    if (persisted && session.state === 'signed-in') root.hidden = true;
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    session.refresh().then(
      () => (root.hidden = session.state === 'replaced'),
      // The server cannot be reached. A reload shows the error without the old content.
      () => window.location.reload(),
    );
  });
}
