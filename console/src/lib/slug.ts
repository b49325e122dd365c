/** The format of a slug, as the server checks it. */
export const slugPattern = /^[a-z0-9](?:[a-z0-9-]{1,46})[a-z0-9]$/;
export const slugRule =
  'Use 3 to 48 lowercase letters, digits and hyphens. Start and end with a letter or digit.';

/** The slug that the server derives from a name if none is given; '' if it falls back to a generated slug. */
export function slugFromName(name: string): string {
  const text = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return text.length >= 3 ? text : '';
}
