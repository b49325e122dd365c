import bcrypt from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../errors/request-error.ts';
import { createBoundedWork } from '../bounded-work.ts';
import { createPasswordHasher } from './password-hasher.ts';

const pepper = new Uint8Array(32).fill(3);
const hasher = createPasswordHasher({ pepper, cost: 4 });

describe('the password hasher', () => {
  it('accepts only the right password', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await hasher.verify('correct horse battery', hash)).toBe(true);
    expect(await hasher.verify('Correct horse battery', hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
  });

  it('salts hashes, so that equal passwords have different hashes', async () => {
    expect(await hasher.hash('correct horse battery')).not.toBe(
      await hasher.hash('correct horse battery'),
    );
  });

  it('hashes bytes after the 72nd, which bcrypt alone would ignore', async () => {
    const long = 'x'.repeat(72);
    const hash = await hasher.hash(`${long}a`);
    expect(await hasher.verify(`${long}a`, hash)).toBe(true);
    expect(await hasher.verify(`${long}b`, hash)).toBe(false);
    expect(await bcrypt.compare(`${long}b`, await bcrypt.hash(`${long}a`, 4))).toBe(true);
  });

  it('hashes characters after a NUL', async () => {
    const hash = await hasher.hash('before\0after');
    expect(await hasher.verify('before\0other', hash)).toBe(false);
    expect(await hasher.verify('before\0after', hash)).toBe(true);
  });

  it('hashes every character of a password with 64 four-byte characters', async () => {
    const hash = await hasher.hash('🦊'.repeat(64));
    expect(await hasher.verify('🦊'.repeat(64), hash)).toBe(true);
    expect(await hasher.verify(`${'🦊'.repeat(63)}🦝`, hash)).toBe(false);
  });

  it('matches different encodings of accents and spaces', async () => {
    const hash = await hasher.hash('caf\u00e9 au lait please');
    expect(await hasher.verify('cafe\u0301\u00a0au\u2003lait please', hash)).toBe(true);
  });

  it('rejects a password that was hashed with another pepper', async () => {
    const other = createPasswordHasher({ pepper: new Uint8Array(32).fill(4), cost: 4 });
    const hash = await hasher.hash('correct horse battery');
    expect(await other.verify('correct horse battery', hash)).toBe(false);
  });

  it('returns false for an unknown account after computing one hash with the same cost', async () => {
    const costly = createPasswordHasher({ pepper, cost: 10 });
    const hash = await costly.hash('correct horse battery');
    await costly.verify('warm up', null);
    const known = await medianMs(() => costly.verify('wrong password', hash));
    const unknown = await medianMs(() => costly.verify('wrong password', null));
    expect(await costly.verify('correct horse battery', null)).toBe(false);
    // If no hash were computed, a check for an unknown account would be about a thousand times faster.
    expect(unknown).toBeGreaterThan(known / 4);
    expect(unknown).toBeLessThan(known * 4);
  });

  it('detects hashes with a different cost', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(hasher.isOutdated(hash)).toBe(false);
    expect(createPasswordHasher({ pepper, cost: 5 }).isOutdated(hash)).toBe(true);
  });

  it('rejects requests when its queue is full and serves the others', async () => {
    const busy = createPasswordHasher({ pepper, cost: 4, concurrency: 1, maxWaiting: 4 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => busy.verify('password', null)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.slice(0, 5).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(refused).toHaveLength(15);
    expect(refused.every(({ reason }) => reason instanceof RequestError)).toBe(true);
    expect(refused[0]?.reason).toMatchObject({ code: 'OVERLOADED', status: 503 });
    expect(await busy.verify('password', null)).toBe(false);
  });
});

describe('bounded work', () => {
  it('never exceeds its concurrency limit', async () => {
    const run = createBoundedWork({ concurrency: 2, maxWaiting: 100, maxWaitMs: 5_000 });
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        run(async () => {
          most = Math.max(most, ++running);
          await new Promise(setImmediate);
          running--;
        }),
      ),
    );
    expect(most).toBe(2);
  });

  it('rejects a task that waited too long and never starts it', async () => {
    const run = createBoundedWork({ concurrency: 1, maxWaiting: 10, maxWaitMs: 20 });
    let finishFirst = (_answer: string) => {};
    let started = false;
    const first = run(() => new Promise<string>((resolve) => (finishFirst = resolve)));
    await expect(run(() => Promise.resolve((started = true)))).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    finishFirst('done');
    expect(await first).toBe('done');
    expect(await run(() => Promise.resolve('next'))).toBe('next');
    expect(started).toBe(false);
  });

  it('rejects if a task fails, and frees its slot', async () => {
    const run = createBoundedWork({ concurrency: 1, maxWaiting: 0, maxWaitMs: 1_000 });
    await expect(run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await run(() => Promise.resolve(1))).toBe(1);
  });
});

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
}
