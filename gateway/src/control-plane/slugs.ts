import { randomInt } from 'node:crypto';

import { z } from 'zod';

import { errors } from './errors/errors.ts';
import { isConstraintViolation } from '../platform/db/violations.ts';

/** The last part of an address that people read: `acme-inc`. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{1,46})[a-z0-9]$/,
    'A slug has 3 to 48 lower-case letters, digits and inner hyphens.',
  );

/** Reads a slug out of a name, or null where a name has too few usable characters. */
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
 * The unique constraint that decides whether a slug is free, and what a name without usable characters
 * becomes. A look beforehand would decide nothing: somebody else may be faster.
 */
export interface SlugRule {
  readonly constraint: string;
  readonly fallback: string;
}

const attempts = 5;

/** Writes with a slug that the caller chose. @throws SlugTakenError */
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
 * Writes with the slug that a name suggests, or where that is taken, with the same and a random ending.
 * @throws RequestError `CONFLICT` when nothing that was tried was free
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
