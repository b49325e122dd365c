import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type ApiKeyKind = 'SECRET' | 'PUBLISHABLE';

const markers = { SECRET: 'tsk_', PUBLISHABLE: 'tpk_' } as const satisfies Record<
  ApiKeyKind,
  string
>;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 43; // 62^43 > 2^256
const checksumLength = 6; // 62^6 > 2^32
const shape = /^(tsk_|tpk_)[0-9A-Za-z]{49}$/;
const shownLength = 12;

export interface ApiKeyText {
  /** The full key. A secret key is shown once and never stored. */
  readonly text: string;
  /** The first 12 characters, which help people to recognize the key. */
  readonly prefix: string;
  readonly lastFour: string;
}

/**
 * Creates an API key: `tsk_` (secret) or `tpk_` (publishable), then 43 base62 characters with 256 random bits, then 6
 * base62 characters of the CRC-32 of everything before them. The checksum allows a mistyped key to be rejected without
 * a lookup, and helps secret scanners to recognize a leaked key.
 */
export function createApiKeyText(kind: ApiKeyKind): ApiKeyText {
  const secret = toBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), secretLength);
  const unchecked = markers[kind] + secret;
  const text = unchecked + checksumOf(unchecked);
  return { text, prefix: text.slice(0, shownLength), lastFour: text.slice(-4) };
}

/** Checks a key without a lookup. Returns null if the marker, the alphabet, the length or the checksum is wrong. */
export function parseApiKey(text: string): { readonly kind: ApiKeyKind } | null {
  if (!shape.test(text)) return null;
  const unchecked = text.slice(0, -checksumLength);
  if (checksumOf(unchecked) !== text.slice(-checksumLength)) return null;
  return { kind: text.startsWith(markers.SECRET) ? 'SECRET' : 'PUBLISHABLE' };
}

function checksumOf(text: string): string {
  return toBase62(BigInt(crc32(text)), checksumLength);
}

/**
 * Converts a number to base62. The most significant digit is first, and the result is padded with zeros to a fixed
 * width.
 */
function toBase62(value: bigint, width: number): string {
  let digits = '';
  for (let rest = value; digits.length < width; rest /= 62n) {
    digits = alphabet.charAt(Number(rest % 62n)) + digits;
  }
  return digits;
}
