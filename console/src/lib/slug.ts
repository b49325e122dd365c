/** What a slug has to look like; the server says the same. */
export const slugPattern = /^[a-z0-9](?:[a-z0-9-]{1,46})[a-z0-9]$/;

/** The slug that the server makes of a name if it is given none; '' where it takes a word of its own. */
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
