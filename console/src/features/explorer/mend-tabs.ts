/**
 * Fixes the accessibility of GraphiQL's operation tabs. They have the role `tab` but contain buttons, which assistive
 * technology cannot reach. This function turns them into a list of buttons with `aria-current`. Use it as the `ref` of
 * an element around GraphiQL.
 */
export function mendTabs(container: HTMLElement | null): (() => void) | undefined {
  if (container === null) return;
  const observer = new MutationObserver(() => mend(container));
  mend(container);
  observer.observe(container, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['aria-selected', 'role'],
  });
  return () => observer.disconnect();
}

function mend(container: HTMLElement): void {
  for (const tab of container.querySelectorAll('.graphiql-tab[aria-selected]')) {
    const isCurrent = tab.getAttribute('aria-selected') === 'true';
    tab.removeAttribute('aria-selected');
    tab.setAttribute('role', 'listitem');
    tab.parentElement?.setAttribute('role', 'list');
    tab.querySelector('.graphiql-tab-button')?.setAttribute('aria-current', `${isCurrent}`);
  }
}
