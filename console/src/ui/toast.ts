export type ToastKind = 'success' | 'error' | 'warning';

/** A button in a toast. The toast is visible for longer, so that there is time to select it. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface ToastNews {
  readonly kind: ToastKind;
  readonly words: string;
  readonly action?: ToastAction | undefined;
}

let waiting: ToastNews[] = [];
let isAnyWanted = false;
const listeners = new Set<() => void>();

function say(kind: ToastKind, words: string, action?: ToastAction): void {
  waiting.push({ kind, words, action });
  isAnyWanted = true;
  for (const listener of listeners) listener();
}

/** Shows a short message in the corner of the page. */
export const toast = {
  success: (words: string, action?: ToastAction) => say('success', words, action),
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
