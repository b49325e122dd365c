import { expect, it } from 'vitest';
import { readEvents } from './event-stream.ts';

async function eventsIn(chunks: readonly (string | Uint8Array)[]) {
  const source = (async function* () {
    for (const chunk of chunks) {
      await Promise.resolve();
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  })();
  let reads = 0;
  const events = [];
  for await (const event of readEvents(source, () => (reads += 1))) events.push(event);
  return { events, reads };
}

const text =
  ':\n\nevent: next\ndata: {"a":"ü"}\n\nevent: next\ndata:1\ndata: 2\n\nevent: complete\ndata: \n\n';
const expected = [
  { event: 'next', data: '{"a":"ü"}' },
  { event: 'next', data: '1\n2' },
  { event: 'complete', data: '' },
];

it('reads events, and skips comments', async () => {
  expect(await eventsIn([text])).toEqual({ events: expected, reads: 1 });
});

it('reads events that are divided at any byte', async () => {
  const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
  expect((await eventsIn(bytes)).events).toEqual(expected);
});

it.each(['\r\n', '\r'])('accepts %j as the end of a line', async (end) => {
  const other = text.replaceAll('\n', end);
  expect((await eventsIn([other])).events).toEqual(expected.slice(0, end === '\r' ? 2 : 3));
});

it('ignores an event that is not complete', async () => {
  expect((await eventsIn(['event: next\ndata: 1\n'])).events).toEqual([]);
});

it('refuses an event without an end', async () => {
  const line = `data: ${'x'.repeat(99_000)}\n`;
  await expect(eventsIn(Array.from({ length: 11 }, () => line))).rejects.toThrow('too long');
});
