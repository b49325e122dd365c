export type ToastKind = 'success' | 'error' | 'warning';

export interface ToastNews {
  readonly kind: ToastKind;
  readonly words: string;
}

let waiting: ToastNews[] = [];
let isAnyWanted = false;
const listeners = new Set<() => void>();

function say(kind: ToastKind, words: string): void {
  waiting.push({ kind, words });
  isAnyWanted = true;
  for (const listener of listeners) listener();
}

/** A few words, in the corner, of what was done. */
export const toast = {
  success: (words: string) => say('success', words),
  warning: (words: string) => say('warning', words),
  error: (words: string) => say('error', words),
};

/**
 * What the corner is told. That which draws it is loaded with the first words: most visits begin without any,
 * and some have none.
 */
export const toastNews = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAnyWanted: () => isAnyWanted,
  /** What has not been shown yet; it is the caller's to show. */
  take(): readonly ToastNews[] {
    const taken = waiting;
    waiting = [];
    return taken;
  },
};
