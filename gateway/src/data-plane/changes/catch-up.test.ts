import { expect, it } from 'vitest';

import type { LogReading } from './change-log.ts';
import { createCatchUp, mayReadCursor } from './catch-up.ts';

/** A log whose readings end when the test says so. */
function createLog() {
  const readings: { readonly ref: string; readonly end: (error?: Error) => void }[] = [];
  const log = {
    read: (ref: string) =>
      new Promise<LogReading>((resolve, reject) => {
        const end = { epoch: 'e', pos: 0n, seq: 0n };
        readings.push({
          ref,
          end: (error) =>
            error === undefined
              ? resolve({ commits: [], end, more: false, pending: false })
              : reject(error),
        });
      }),
  };
  return { log, readings };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('shares a reading only with callers that came before it began', async () => {
  const { log, readings } = createLog();
  const catchUp = createCatchUp(log);
  const done: string[] = [];
  const call = (name: string, ref = 'a') => void catchUp(ref).then(() => done.push(name));
  call('first');
  call('second');
  call('third');
  call('other', 'b');
  expect(readings.map(({ ref }) => ref)).toEqual(['a', 'b']);
  readings[0]?.end();
  await settled();
  expect(done).toEqual(['first']);
  expect(readings).toHaveLength(3);
  call('fourth');
  readings[2]?.end();
  await settled();
  expect(done).toEqual(['first', 'second', 'third']);
  readings[3]?.end();
  await settled();
  expect(done).toEqual(['first', 'second', 'third', 'fourth']);
  call('fifth');
  expect(readings).toHaveLength(5);
});

it('does not fail, and reads again after a failure', async () => {
  const { log, readings } = createLog();
  const catchUp = createCatchUp(log);
  const [one, two] = [catchUp('a'), catchUp('a')];
  readings[0]?.end(new Error('The database is not available.'));
  await one;
  readings[1]?.end();
  await two;
  void catchUp('a');
  expect(readings).toHaveLength(3);
});

it('is needed for documents with the cursor', () => {
  expect(mayReadCursor({ query: '{ tasks { totalCount } changesCursor }' })).toBe(true);
  expect(mayReadCursor({ query: '{ tasks { totalCount } }' })).toBe(false);
  expect(mayReadCursor({ body: Buffer.from('{}') })).toBe(false);
});
