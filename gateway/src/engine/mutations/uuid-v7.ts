import { randomFillSync } from 'node:crypto';

const counterBits = 26;
const poolBytes = 4096;
const perId = 10;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Returns a generator of version 7 UUIDs (RFC 9562, section 5.7). Each UUID is greater than the previous one. A UUID
 * consists of 48 bits of Unix time in milliseconds, a 26-bit counter, and 48 random bits. In each millisecond, the
 * counter starts at a random value in the lower half of its range (section 6.2, method 1). If the clock goes backwards,
 * the previous time is used. If the counter overflows, the time is incremented and can run ahead of the clock.
 *
 * @param now returns the Unix time in milliseconds
 */
export function createUuidV7(now: () => number): () => string {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  let time = -1;
  let counter = 0;
  return () => {
    if (used + perId > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used;
    used += perId;
    const current = now();
    counter += 1;
    if (current > time || counter >= 2 ** counterBits) {
      time = Math.max(current, time + 1);
      counter = pool.readUInt32LE(at) >>> (32 - (counterBits - 1));
    }
    return uuidText(time, counter, pool, at + 4);
  };
}

/** Formats a UUID. The random part is the 6 bytes of `random` that start at `at`. */
function uuidText(time: number, counter: number, random: Buffer, at: number): string {
  const byte = (value: number) => hex[value & 0xff] ?? '';
  const high = Math.floor(time / 2 ** 32);
  const low = time % 2 ** 32;
  const version = 0x70 | (counter >>> 22);
  const variant = 0x80 | ((counter >>> 8) & 0x3f);
  let tail = '';
  for (let index = at; index < at + 6; index += 1) tail += byte(random[index] ?? 0);
  return (
    `${byte(high >>> 8)}${byte(high)}${byte(low >>> 24)}${byte(low >>> 16)}-` +
    `${byte(low >>> 8)}${byte(low)}-${byte(version)}${byte(counter >>> 14)}-` +
    `${byte(variant)}${byte(counter)}-${tail}`
  );
}
