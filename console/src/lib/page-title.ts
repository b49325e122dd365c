/** @example pageTitle('Keys', project.name) // "Keys · Acme shop · Tessera" */
export const pageTitle = (...parts: readonly (string | undefined)[]): string =>
  [...parts, 'Tessera'].filter((part) => part !== undefined).join(' · ');
