import { z } from 'zod';
import { Secret } from './secret.ts';

/**
 * An invalid value for an environment variable. The message is printed after the variable's name: "<NAME> <message>".
 */
class Unusable extends Error {}

/**
 * Creates a zod type for an environment variable from a function that parses its value. If the variable can be secret,
 * the message must not contain the value (see `shown`).
 */
function reads<T>(read: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: null });
      return z.NEVER;
    }
  });
}

/** Returns the text in quotes, truncated to fit on a terminal line. */
const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Creates a type for one of the listed words. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return reads((text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new Unusable(`is ${shown(text)}, but must be ${either(words)}.`);
    return word;
  });
}

/** Creates a type for a comma-separated list of some of the listed words. */
export function listOf<const T extends string>(words: readonly T[]) {
  return reads((text) => {
    const given = text.split(',').map((part) => part.trim());
    const listed = words.filter((word) => given.includes(word));
    if (!given.every((part) => listed.some((word) => word === part))) {
      throw new Unusable(
        `is ${shown(text)}, but must be a comma-separated list of ${either(words)}.`,
      );
    }
    return listed;
  });
}

const either = (words: readonly string[]) =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

/** Creates a type for a whole number in decimal digits, from `min` to `max` inclusive. */
export function wholeNumber(min: number, max: number) {
  return reads((text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max)) {
      throw new Unusable(`is ${shown(text)}, but must be a whole number from ${min} to ${max}.`);
    }
    return number;
  });
}

/** Creates a type for printable ASCII without spaces, such as a host name. */
export const word = () =>
  reads((text) => {
    if (!/^[\x21-\x7e]+$/.test(text))
      throw new Unusable(`is ${shown(text)}, but must be printable ASCII without spaces.`);
    return text;
  });

/** Creates a type for one line of text, such as a path or a mail address with a name. */
export const line = () =>
  reads((text) => {
    if (/\p{Cc}/u.test(text)) throw new Unusable('must not contain control characters.');
    return text;
  });

/** Parses the origin of a web address: scheme, host and port, without a path. */
function readOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    `${url.username}${url.password}${url.search}${url.hash}` === '' &&
    url.pathname === '/';
  if (!isOrigin) {
    throw new Unusable(
      `contains ${shown(text)}, but an origin must have the form https://host or http://host:port, without a path.`,
    );
  }
  return url;
}

export const origin = () => reads(readOrigin);

/** Creates a type for at most 100 comma-separated origins, normalized to the form that browsers send. */
export const originList = () =>
  reads((text) => {
    const parts = text.split(',').map((part) => part.trim());
    if (parts.length > 100) throw new Unusable('contains more than 100 origins.');
    return parts.filter((part) => part !== '').map((part) => readOrigin(part).origin);
  });

/** Creates a type for a server's URL, which can contain a password. */
export const secretUrl = (protocols: readonly string[]) =>
  reads((text) => {
    const protocol = URL.canParse(text) ? new URL(text).protocol : '';
    if (!protocols.includes(protocol)) {
      throw new Unusable(
        `must be a URL that begins with ${either(protocols.map((p) => `${p}//`))}.`,
      );
    }
    return new Secret(text);
  });

/** Creates a type for a password or token that clients send: 16 to 512 printable ASCII characters without spaces. */
export const secretWord = () =>
  reads((text) => {
    if (!/^[\x21-\x7e]{16,512}$/.test(text)) {
      throw new Unusable('must be 16 to 512 printable ASCII characters without spaces.');
    }
    return new Secret(text);
  });

/**
 * Creates a type for a key of at least 32 bytes in hex or base64 (standard or URL-safe). A value that is valid in both
 * formats is read as hex.
 */
export const secretKey = () =>
  reads((text) => {
    const bytes = /^(?:[0-9a-f]{2})+$/i.test(text)
      ? Buffer.from(text, 'hex')
      : /^[\w+/-]+={0,2}$/.test(text)
        ? Buffer.from(text, 'base64')
        : null;
    if (bytes === null || bytes.length < 32) {
      throw new Unusable(
        'must be at least 32 random bytes in base64 or hex. Generate a key with: openssl rand -base64 32',
      );
    }
    return new Secret(new Uint8Array(bytes));
  });
