/**
 * Builds a page title from its parts. Undefined parts are omitted.
 *
 * @example pageTitle('Keys', project.name) // "Keys · Acme shop · Tessera"
 */
export const pageTitle = (...parts: readonly (string | undefined)[]): string =>
  [...parts, 'Tessera'].filter((part) => part !== undefined).join(' · ');
