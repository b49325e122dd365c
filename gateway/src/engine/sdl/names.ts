import { createHash } from 'node:crypto';
import { maxIdentifierBytes } from '../sql/quote.ts';

/**
 * `createdAt` → `created_at`, `HTTPServer` → `http_server`, `userIDs` → `user_ids`, `oauth2Token` →
 * `oauth2_token`: a word starts at a capital after a small letter or digit, and at the last capital of
 * a run that a small letter follows (a plural's lone `s` does not count). Digits belong to the word
 * before them; underscores stay.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z](?!s(?![a-z]))[a-z])/g, '$1_$2')
    .toLowerCase();
}

/** `Issue` → `issue`, `HTTPServer` → `httpServer`, `URLs` → `urls`: a leading run of capitals is one word. */
export function camelCase(name: string): string {
  return name.replace(/^_*(?:[A-Z]+(?=[A-Z](?!s(?![a-z]))[a-z])|[A-Z]+)/, (start) =>
    start.toLowerCase(),
  );
}

/** `people` → `People` */
export function pascalCase(name: string): string {
  return name.replace(/^_*[a-z]/, (start) => start.toUpperCase());
}

/** Two names that share one of these become the same name in the database, or differ only in case. */
export function foldedNames(name: string): readonly string[] {
  return [...new Set([snakeCase(name), name.toLowerCase()])];
}

/** The table of a type or the column of a field. */
export function databaseName(name: string): string {
  return boundedName(snakeCase(name));
}

/**
 * The name of an index, constraint or join table: its parts joined by colons, which no table or column
 * of a user's can hold, so that a generated name never meets a given one.
 */
export function generatedName(...parts: readonly string[]): string {
  return boundedName(parts.join(':'));
}

/** Names that PostgreSQL would cut end in a hash of the whole name instead. Expects ASCII. */
function boundedName(name: string): string {
  if (name.length <= maxIdentifierBytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, maxIdentifierBytes - hash.length - 1)}_${hash}`;
}
