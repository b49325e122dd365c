import { expect, it } from 'vitest';
import { createByteBudget } from '../../platform/byte-budget.ts';
import { ByteList } from '../../platform/bytes.ts';
import type { LogPosition } from '../changes/cursor.ts';
import { ChangeStream } from './change-stream.ts';

const at = (pos: number): LogPosition => ({ epoch: 'e', pos: BigInt(pos), seq: 0n });
const event = (pos: number) => ({ position: at(pos), json: ByteList.of(`${pos}`) });
const request = { values: [], operations: new Set<never>() };

function createCohort() {
  const waiting: ChangeStream[] = [];
  return {
    waiting,
    add: () => undefined,
    remove: () => undefined,
    wants: (stream: ChangeStream) => void waiting.push(stream),
  };
}

function createStream(perHolder = 100) {
  const budget = createByteBudget({ total: 100, perHolder });
  const memory = { budget, holder: 'project', onSent: () => undefined };
  const stream = new ChangeStream(request, at(0), memory);
  const cohort = createCohort();
  stream.follow(cohort, request);
  return { stream, cohort, budget };
}

it('continues with another plan after the last event that the client has', async () => {
  const { stream } = createStream();
  const first = stream.next();
  stream.deliver([event(1), event(2), event(3)], at(9));
  expect(String((await first)?.json)).toBe('1');
  const other = createCohort();
  stream.follow(other, request);
  expect(stream.position).toEqual(at(1));
  const next = stream.next();
  expect(other.waiting).toEqual([stream]);
  stream.deliver([event(3)], at(9));
  expect(String((await next)?.json)).toBe('3');
});

it('continues after all changes that were evaluated if the client has all events', async () => {
  const { stream } = createStream();
  const first = stream.next();
  stream.deliver([event(1)], at(9));
  await first;
  stream.follow(createCohort(), request);
  expect(stream.position).toEqual(at(9));
});

it('delivers nothing while it is held, and does not read', async () => {
  const { stream, cohort } = createStream();
  const first = stream.next();
  stream.deliver([event(1), event(2)], at(9));
  await first;
  stream.hold();
  const next = stream.next();
  let isDelivered = false;
  void next.then(() => (isDelivered = true));
  await Promise.resolve();
  expect([isDelivered, stream.isWaiting, cohort.waiting]).toEqual([false, false, [stream]]);
  stream.release();
  expect(String((await next)?.json)).toBe('2');
});

/** An outlet that the test opens. */
class TestOutlet {
  isOpen = true;
  readonly #waiting = new Set<() => void>();

  onOpen(callback: () => void): void {
    this.#waiting.add(callback);
  }

  open(): void {
    this.isOpen = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}

it('keeps the events of a client that does not read, within a limit', async () => {
  const { stream, budget } = createStream();
  const outlet = new TestOutlet();
  const first = stream.next(outlet);
  stream.deliver([event(1), event(2), event(3)], at(9));
  await first;
  outlet.isOpen = false;
  const next = stream.next(outlet);
  expect(budget.used).toBe(2);
  outlet.open();
  expect(String((await next)?.json)).toBe('2');
  expect(String((await stream.next(outlet))?.json)).toBe('3');
  expect(budget.used).toBe(0);
});

it('drops the events of a client that does not read beyond the limit, and reads them again', async () => {
  const { stream, budget, cohort } = createStream(1);
  const outlet = new TestOutlet();
  const first = stream.next(outlet);
  stream.deliver([event(1), event(2), event(3)], at(9));
  await first;
  outlet.isOpen = false;
  const next = stream.next(outlet);
  expect(budget.used).toBe(0);
  expect(stream.position).toEqual(at(1));
  // What was evaluated meanwhile is not kept either.
  stream.deliver([event(2)], at(9));
  expect([stream.position, cohort.waiting.length]).toEqual([at(1), 1]);
  outlet.open();
  expect(cohort.waiting).toEqual([stream, stream]);
  stream.deliver([event(2), event(3)], at(9));
  expect(String((await next)?.json)).toBe('2');
});
