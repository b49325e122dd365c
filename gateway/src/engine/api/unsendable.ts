import { storableText } from '../sdl/scalar-values.ts';

/**
 * The first text in a value that PostgreSQL cannot take: one with the character NUL or half of a surrogate pair.
 * The scalar `String` is GraphQL's own and lets them pass, so whoever sends its values asks here.
 *
 * @param value as GraphQL coerced it: scalars, lists and input objects
 */
export function unsendableIn(
  value: unknown,
  path: readonly (string | number)[],
): { readonly path: readonly (string | number)[]; readonly message: string } | null {
  if (typeof value === 'string') {
    if (storableText(value) !== null) return null;
    const message = 'A text can hold neither the character NUL nor half of a surrogate pair.';
    return { path, message };
  }
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const found = unsendableIn(inner, [...path, isList ? Number(key) : key]);
    if (found !== null) return found;
  }
  return null;
}
