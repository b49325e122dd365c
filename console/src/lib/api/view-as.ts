import { useSyncExternalStore } from 'react';

/**
 * The caller as whom a member reads a project's API, in the format of the header `x-view-as`: a signed-out caller, or a
 * row of the `@user` model by its percent-encoded key.
 */
export type ViewAs = 'public' | `user:${string}`;

export const viewAsUser = (key: string): ViewAs => `user:${encodeURIComponent(key)}`;

/** The key of the user; null for a signed-out caller. */
export const viewedUser = (viewAs: ViewAs): string | null =>
  viewAs === 'public' ? null : decodeURIComponent(viewAs.slice('user:'.length));

const keyOf = (ref: string): string => `tessera.view-as.${ref}`;
const listeners = new Set<() => void>();
/** For browsers that refuse access to storage. */
const kept = new Map<string, ViewAs>();

/** The choice for each project. It is kept in the tab, so that it survives a reload. */
export const viewAsChoice = {
  read(ref: string): ViewAs | null {
    try {
      const text = sessionStorage.getItem(keyOf(ref));
      return text === null || !isViewAs(text) ? null : text;
    } catch {
      return kept.get(ref) ?? null;
    }
  },
  write(ref: string, viewAs: ViewAs | null): void {
    try {
      if (viewAs === null) sessionStorage.removeItem(keyOf(ref));
      else sessionStorage.setItem(keyOf(ref), viewAs);
    } catch {
      if (viewAs === null) kept.delete(ref);
      else kept.set(ref, viewAs);
    }
    for (const listener of listeners) listener();
  },
};

const isViewAs = (text: string): text is ViewAs => /^(?:public|user:[!-~]+)$/.test(text);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** As whom the member reads the project in this tab; null for the member's own permissions. */
export const useViewAs = (ref: string): ViewAs | null =>
  useSyncExternalStore(subscribe, () => viewAsChoice.read(ref));
