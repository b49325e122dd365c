import type { Session } from './tab-session.ts';

/** What a page does when it turns out whose it is. */
export interface FollowingPage {
  readonly isLoading: () => boolean;
  /** Asks the present route again whether it may be seen. */
  readonly revalidate: () => Promise<void>;
  /** Drops all that was fetched. */
  readonly forget: () => void;
  /** Loads the console afresh, so that nothing at all of the page is left. */
  readonly restart: () => void;
}

/** Keeps what a page shows with who is signed in, for as long as the page lives. */
export function followSession(session: Session, page: FollowingPage): void {
  let before = session.state;
  session.subscribe(() => {
    const { state } = session;
    if (state === before) return;
    if (state === 'replaced') page.restart();
    // What needs somebody gives way to the sign-in page; then nothing of theirs is kept.
    if (state === 'signed-out' && before === 'signed-in') {
      page.revalidate().then(page.forget, page.restart);
    }
    // A page that is loading asks by itself, and is what made this known.
    if (state === 'signed-in' && !page.isLoading()) page.revalidate().catch(page.restart);
    before = state;
  });
}

/**
 * A page that the browser kept aside while another one was shown ("back/forward cache") comes back as it was,
 * though its user may have signed out since. It stays hidden until that is known.
 */
export function checkWhenRestored(session: Session, root: HTMLElement): void {
  window.addEventListener('pagehide', ({ persisted }) => {
    if (persisted && session.state === 'signed-in') root.hidden = true;
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    session.refresh().then(
      () => (root.hidden = session.state === 'replaced'),
      // Out of reach: loading it afresh tells so, and shows nothing of what was there.
      () => window.location.reload(),
    );
  });
}
