import { expect, it } from 'vitest';
import { ByteList } from '../../platform/bytes.ts';
import { SendQueue } from './send-queue.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('asks for one result after the other, each when those before were sent', async () => {
  const written: string[] = [];
  const reading: (() => void)[] = [];
  const queue = new SendQueue((message) => {
    written.push(String(message));
    return new Promise((resolve) => reading.push(resolve));
  });
  expect(queue.isOpen).toBe(true);
  void queue.send(ByteList.of('first'));
  expect(queue.isOpen).toBe(false);
  const asked: string[] = [];
  for (const name of ['a', 'nothing', 'b']) {
    const callback = () => {
      asked.push(name);
      // The result is sent a moment later.
      if (name !== 'nothing') void Promise.resolve().then(() => queue.send(ByteList.of(name)));
    };
    queue.onOpen(callback);
    queue.onOpen(callback);
  }
  await nextTurn();
  expect([written, asked]).toEqual([['first'], []]);
  reading.shift()?.();
  await nextTurn();
  await nextTurn();
  expect([written, asked]).toEqual([['first', 'a'], ['a']]);
  reading.shift()?.();
  await nextTurn();
  await nextTurn();
  await nextTurn();
  expect(asked).toEqual(['a', 'nothing', 'b']);
  expect(written).toEqual(['first', 'a', 'b']);
});
