import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';

import bcrypt from 'bcrypt';

import { createBoundedWork } from '../bounded-work.ts';

/**
 * The one form of a password that is counted, checked and hashed: RFC 8265's OpaqueString, which turns
 * every space into U+0020 and composes characters (NFC). So a password matches however a keyboard
 * or system happens to encode its accents; upper and lower case stay different.
 */
export function preparePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** bcrypt runs in libuv's pool of four threads; files, DNS and signatures need one as well. */
const maxThreads = 3;

export interface PasswordHasherOptions {
  /** Secret of the installation: without it, a stolen table of hashes cannot even be guessed at. */
  readonly pepper: Uint8Array;
  /** bcrypt's cost: 2^cost rounds. */
  readonly cost: number;
  /** Hashes computed at once. Default: one per core, three at most. */
  readonly concurrency?: number;
  /** Further requests that may wait. Default: 32 for each that is computed at once. */
  readonly maxWaiting?: number;
  /** Longest wait for a turn, in milliseconds. */
  readonly maxWaitMs?: number;
}

export interface PasswordHasher {
  /** @throws OVERLOADED when too many hashes are already asked for. */
  hash(password: string): Promise<string>;
  /**
   * Is it the password of this hash? With `null` (there is no such account) it takes as long and
   * answers false. @throws OVERLOADED when too many hashes are already asked for.
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Was this hash made with another cost? Then make it anew at the next successful sign-in. */
  isOutdated(hash: string): boolean;
}

/**
 * Passwords as bcrypt over base64(HMAC-SHA-256(pepper, password)): bcrypt sees 44 characters whatever the
 * password is, so nothing is cut at its 72 bytes and a NUL ends nothing.
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
