/** A response's Content-Security-Policy: directives and their sources. */
export type ContentPolicy = Readonly<Record<string, readonly string[]>>;

/** Blocks everything. Pages add the sources that they need. */
const nothing: ContentPolicy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The policy for a page that loads only files from its own origin. */
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

/**
 * Returns the headers that every response has, with the strictest values. Pages override the policy and the caching
 * headers.
 */
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
