const patterns: readonly (readonly [RegExp, string])[] = [
  // API keys: what identifies them to people stays.
  [/(t[sp]k_[0-9A-Za-z]{8})[0-9A-Za-z]+/g, '$1…'],
  [/(?<![\w-])eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, 'eyJ…'],
  [/\b(Bearer|Basic) [\w.~+/=-]{8,}/g, '$1 …'],
  // The password of a connection string; \\. steps over what JSON escapes.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"\\]{0,200}):(?:\\.|[^\s"\\]){0,500}@/gi, '$1:…@'],
  [/\b((?:[a-z]{1,20}_)?(?:token|password|secret)=)[^\s&"#\\]+/gi, '$1…'],
];

/**
 * Masks whatever looks like a credential inside a text: API keys, JWTs, authorization headers, the
 * password of a connection string, `token=…` in a link. The last net under `redactFields`.
 */
export function maskSecrets(text: string): string {
  return patterns.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}
