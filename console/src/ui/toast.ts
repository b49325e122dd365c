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

/** Shows a short message in the corner of the page. */
export const toast = {
  success: (words: string) => say('success', words),
  warning: (words: string) => say('warning', words),
  error: (words: string) => say('error', words),
};

/**
 * The toast queue. The component that renders toasts is loaded with the first one, because most visits start without
 * showing one.
 */
export const toastNews = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAnyWanted: () => isAnyWanted,
  /** Removes the queued toasts and returns them. The caller must show them. */
  take(): readonly ToastNews[] {
    const taken = waiting;
    waiting = [];
    return taken;
  },
};
