import { randomInt } from 'node:crypto';

import { z } from 'zod';

import { errors } from './errors/errors.ts';
import { isConstraintViolation } from '../platform/db/violations.ts';

/** The human-readable part of a console URL: `acme-inc`. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{1,46})[a-z0-9]$/,
    'A slug must consist of 3 to 48 lowercase letters, digits and hyphens, and must not begin or end with a hyphen.',
  );

/** Derives a slug from a name. Returns null if the name has too few usable characters. */
export function slugFromName(name: string): string | null {
  const text = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return text.length >= 3 ? text : null;
}

/**
 * The rule for the unique slug of a resource. `constraint` is the unique constraint on the slug, and `fallback` is the
 * slug for a name without usable characters. Only the constraint decides whether a slug is free, because an earlier
 * lookup would race with other requests.
 */
export interface SlugRule {
  readonly constraint: string;
  readonly fallback: string;
}

const attempts = 5;

/** Calls `write` with a slug that the caller chose. @throws SlugTakenError if it is already taken */
export async function withChosenSlug<T>(
  { constraint }: SlugRule,
  slug: string,
  write: (slug: string) => Promise<T>,
): Promise<T> {
  try {
    return await write(slug);
  } catch (error) {
    if (isConstraintViolation(error, constraint)) throw errors.slugTaken(slug);
    throw error;
  }
}

/**
 * Calls `write` with a slug derived from a name. If the slug is taken, tries again with a random suffix.
 * @throws RequestError `CONFLICT` if all attempts failed
 */
export async function withFreeSlug<T>(
  { constraint, fallback }: SlugRule,
  name: string,
  write: (slug: string) => Promise<T>,
): Promise<T> {
  const base = slugFromName(name) ?? fallback;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      return await write(attempt === 0 ? base : `${base}-${randomEnding()}`);
    } catch (error) {
      if (!isConstraintViolation(error, constraint)) throw error;
    }
  }
  throw errors.conflict();
}

const randomEnding = (): string =>
  randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0');
