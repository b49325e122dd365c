const key = 'tessera.organization';

/** The slug of the organization that was last viewed in this browser. */
export function lastOrganization(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage is not available.
    return null;
  }
}

export function rememberOrganization(slug: string): void {
  try {
    localStorage.setItem(key, slug);
  } catch {
    // Storage is not available.
  }
}
