import { expect, it } from 'vitest';
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

function createStream() {
  const stream = new ChangeStream(request, at(0), () => undefined);
  const cohort = createCohort();
  stream.follow(cohort, request);
  return { stream, cohort };
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
