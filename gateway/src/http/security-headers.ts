/** What an answer may load and run in a browser. */
export type ContentPolicy = Readonly<Record<string, readonly string[]>>;

/** Nothing may be loaded, sent or framed; pages add what they need. */
const nothing: ContentPolicy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** A page that loads its own files alone. */
export const ownFilesOnly: ContentPolicy = {
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
};

export function contentSecurityPolicy(policy: ContentPolicy = {}): string {
  return Object.entries({ ...nothing, ...policy })
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ');
}

const apiPolicy = contentSecurityPolicy();
const oneYear = 31_536_000;

/** The headers of every answer, in their strictest form; a page then sets its own policy and caching. */
export function securityHeaders(options: { readonly https: boolean }): readonly string[] {
  const headers = {
    'content-security-policy': apiPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(options.https ? { 'strict-transport-security': `max-age=${oneYear}` } : {}),
  };
  return Object.entries(headers).flat();
}
