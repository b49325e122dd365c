/**
 * A path of this console out of what an address asks to go to next: `/orgs/acme?tab=all`. Anything that leads
 * elsewhere (`https://…`, `//host`, `/\host`, `javascript:…`) becomes `/`.
 */
export function ownPath(asked: string | undefined, origin: string): string {
  if (asked?.startsWith('/') !== true || !URL.canParse(asked, origin)) return '/';
  const url = new URL(asked, origin);
  // What begins with two slashes here would be a host to whoever reads it next.
  if (url.origin !== origin || url.pathname.startsWith('//')) return '/';
  return url.pathname + url.search + url.hash;
}
