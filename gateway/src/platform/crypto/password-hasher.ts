import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';

import bcrypt from 'bcrypt';

import { createBoundedWork } from '../bounded-work.ts';

/**
 * Normalizes a password before it is measured, checked and hashed: the OpaqueString profile of RFC 8265, which replaces
 * every space with U+0020 and composes characters (NFC). A password therefore matches regardless of how a system
 * encodes its accents. Case is preserved.
 */
export function preparePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/**
 * bcrypt runs in libuv's thread pool, which has four threads. One thread remains free for files, DNS and signatures.
 */
const maxThreads = 3;

export interface PasswordHasherOptions {
  /** The installation's secret. Without it, passwords cannot be guessed from stolen hashes. */
  readonly pepper: Uint8Array;
  /** The bcrypt cost, which results in 2^cost rounds. */
  readonly cost: number;
  /** Maximum number of hashes computed at once. Default: one per core, at most three. */
  readonly concurrency?: number;
  /** Maximum number of additional requests that can wait. Default: 32 times `concurrency`. */
  readonly maxWaiting?: number;
  /** Maximum time that a request can wait, in milliseconds. Default: 10,000. */
  readonly maxWaitMs?: number;
}

export interface PasswordHasher {
  /** Computes the hash of a password. @throws OVERLOADED if too many requests are waiting. */
  hash(password: string): Promise<string>;
  /**
   * Reports whether the password matches the hash. For `null` (no such account), it takes the same amount of time and
   * returns false.
   * @throws OVERLOADED if too many requests are waiting.
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  /**
   * Reports whether the hash was computed with a different cost and must be replaced at the next successful sign-in.
   */
  isOutdated(hash: string): boolean;
}

/**
 * Hashes passwords as bcrypt over base64(HMAC-SHA-256(pepper, password)). The input to bcrypt is always 44 characters
 * long, so bcrypt's limit of 72 bytes and its handling of NUL do not matter.
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const {
    pepper,
    cost,
    concurrency = Math.min(availableParallelism(), maxThreads),
    maxWaiting = concurrency * 32,
    maxWaitMs = 10_000,
  } = options;
  const inTurn = createBoundedWork({ concurrency, maxWaiting, maxWaitMs });
  const nobodysHash = bcrypt.genSaltSync(cost).padEnd(60, '.');

  const digest = (password: string) =>
    createHmac('sha256', pepper).update(preparePassword(password)).digest('base64');

  return {
    hash: (password) => inTurn(() => bcrypt.hash(digest(password), cost)),
    async verify(password, hash) {
      const matches = await inTurn(() => bcrypt.compare(digest(password), hash ?? nobodysHash));
      return matches && hash !== null;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
  };
}
