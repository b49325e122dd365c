import { useSyncExternalStore } from 'react';

/** What was chosen; `system` follows the device. */
export type ThemeChoice = 'light' | 'dark' | 'system';
export type Theme = 'light' | 'dark';

// `public/theme.js` reads it before anything is drawn.
const key = 'tessera.theme';
const device = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

let choice = stored();

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    // No storage here: the device's choice holds.
    return 'system';
  }
}

const shown = (): Theme => (choice === 'system' ? (device.matches ? 'dark' : 'light') : choice);

function show(): void {
  document.documentElement.dataset['theme'] = shown();
  for (const listener of listeners) listener();
}

// Loaded with every page, since what is chosen in another tab holds in all of them.
device.addEventListener('change', show);
window.addEventListener('storage', (event) => {
  if (event.key !== key) return;
  choice = stored();
  show();
});

/** For this browser, in all tabs. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // No storage here: it holds until the page is left.
  }
  show();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);

/** What is shown, for what has colours of its own: editors, charts. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, shown);
