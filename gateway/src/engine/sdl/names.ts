import { createHash } from 'node:crypto';
import { maxIdentifierBytes } from '../sql/quote.ts';

/**
 * Converts a name to snake case: `createdAt` → `created_at`, `HTTPServer` → `http_server`, `userIDs` → `user_ids`,
 * `oauth2Token` → `oauth2_token`. A word starts at a capital letter after a lower-case letter or digit, and at the last
 * of several capital letters if a lower-case letter follows (except for a plural `s`). Digits belong to the word before
 * them. Underscores are kept.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z](?!s(?![a-z]))[a-z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * Converts the first word to lower case: `Issue` → `issue`, `HTTPServer` → `httpServer`, `URLs` → `urls`. Leading
 * capital letters are one word.
 */
export function camelCase(name: string): string {
  return name.replace(/^_*(?:[A-Z]+(?=[A-Z](?!s(?![a-z]))[a-z])|[A-Z]+)/, (start) =>
    start.toLowerCase(),
  );
}

/** Converts the first letter to upper case: `people` → `People`. */
export function pascalCase(name: string): string {
  return name.replace(/^_*[a-z]/, (start) => start.toUpperCase());
}

/**
 * Returns the folded forms of a name. Names that share a form have the same name in the database, or differ only in
 * case.
 */
export function foldedNames(name: string): readonly string[] {
  return [...new Set([snakeCase(name), name.toLowerCase()])];
}

/** Returns the table name for a type, or the column name for a field. */
export function databaseName(name: string): string {
  return boundedName(snakeCase(name));
}

/**
 * The name of an index, constraint or join table: its parts joined by colons. The names of models and fields cannot
 * contain colons, so a generated name never collides with them.
 */
export function generatedName(...parts: readonly string[]): string {
  return boundedName(parts.join(':'));
}

/**
 * Shortens a name that PostgreSQL would truncate: replaces its end with a hash of the whole name. The name must be
 * ASCII.
 */
function boundedName(name: string): string {
  if (name.length <= maxIdentifierBytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, maxIdentifierBytes - hash.length - 1)}_${hash}`;
}
