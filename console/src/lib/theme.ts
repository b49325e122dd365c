import { useSyncExternalStore } from 'react';

/** The user's choice. `system` follows the device. */
export type ThemeChoice = 'light' | 'dark' | 'system';
export type Theme = 'light' | 'dark';

// `public/theme.js` reads this key before the first paint.
const key = 'tessera.theme';
const device = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

let choice = stored();

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    // Storage is not available: follow the device.
    return 'system';
  }
}

const shown = (): Theme => (choice === 'system' ? (device.matches ? 'dark' : 'light') : choice);

function show(): void {
  document.documentElement.dataset['theme'] = shown();
  for (const listener of listeners) listener();
}

// These listeners are needed on every page, because a choice in another tab applies to all tabs.
device.addEventListener('change', show);
window.addEventListener('storage', (event) => {
  if (event.key !== key) return;
  choice = stored();
  show();
});

/** Sets the theme in all tabs of this browser. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // Storage is not available: the choice lasts until the page is closed.
  }
  show();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);

/** The active theme, for components with their own colors, such as editors. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, shown);
