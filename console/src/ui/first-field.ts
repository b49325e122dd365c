const fields = [
  'input',
  'textarea',
  'select',
  '[contenteditable="true"]',
  ...['checkbox', 'combobox', 'radio', 'switch', 'textbox'].map((role) => `[role="${role}"]`),
].join(',');

/**
 * The first form field inside an element that the keyboard can reach and that can be changed; null if there is none.
 *
 * Components for checkboxes and menus also contain an `input` that is hidden and not in the tab order.
 */
export function firstField(element: HTMLElement | null): HTMLElement | null {
  for (const field of element?.querySelectorAll<HTMLElement>(fields) ?? []) {
    const isReachable = field.tabIndex >= 0 && field.checkVisibility();
    if (isReachable && !field.matches(':disabled, [aria-disabled="true"], [readonly]')) {
      return field;
    }
  }
  return null;
}
