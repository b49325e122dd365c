/**
 * Validates a redirect target from the URL. A path within this console, such as `/orgs/acme?tab=all`, is returned.
 * Targets outside the console (`https://…`, `//host`, `/\host`, `javascript:…`) become `/`.
 */
export function ownPath(asked: string | undefined, origin: string): string {
  if (asked?.startsWith('/') !== true || !URL.canParse(asked, origin)) return '/';
  const url = new URL(asked, origin);
  // The next parser would treat a path with two leading slashes as a host.
  if (url.origin !== origin || url.pathname.startsWith('//')) return '/';
  return url.pathname + url.search + url.hash;
}
