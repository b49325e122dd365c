const key = 'tessera.organization';

/** The slug of the organization that this browser looked at last. */
export function lastOrganization(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // No storage here: nothing is remembered.
    return null;
  }
}

export function rememberOrganization(slug: string): void {
  try {
    localStorage.setItem(key, slug);
  } catch {
    // No storage here: nothing is remembered.
  }
}
