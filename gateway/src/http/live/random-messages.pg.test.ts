import fc from 'fast-check';
import { pino } from 'pino';
import { beforeAll, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { connectRaw } from '../../../test/live-client.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../../test/notes-project.ts';
import { closingCodes } from './closing.ts';

// Random messages, most of them almost valid: the gateway answers, or closes the connection with a code.

const lines: string[] = [];
const app = useApp({
  logger: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
});
let project: NotesProject;
beforeAll(async () => {
  project = await makeNotes(app);
});

const texts = [
  notesQuery,
  `subscription ${notesQuery}`,
  'subscription { noteChanges(operations: [CREATED]) { cursor } }',
  'subscription ($n: Int) { notes(first: $n) { totalCount } }',
  'mutation { updateNotes(where: { text: { eq: "x" } }, data: { text: "y" }) { count } }',
  'subscription { nothing }',
  '{',
];
const anything = fc.jsonValue({ maxDepth: 3 });
const id = fc.oneof(fc.constantFrom('1', '2', ''), fc.string({ maxLength: 8 }), anything);
const payload = fc.record(
  {
    query: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...texts) }, anything),
    variables: fc.oneof(fc.constant({ n: 1 }), anything),
    operationName: fc.oneof(fc.constant(null), anything),
    extensions: fc.oneof(fc.constant({ live: { patch: true } }), anything),
    more: anything,
  },
  { requiredKeys: ['query'] },
);
const message = fc.record(
  {
    type: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom('subscribe', 'subscribe', 'complete', 'ping', 'pong'),
      },
      fc.constantFrom('connection_init', 'next', 'start', 1),
    ),
    id,
    payload: fc.oneof({ weight: 5, arbitrary: payload }, anything),
  },
  { requiredKeys: ['type'] },
);

/** A message as JSON, of which some bytes are others. */
const bytes = fc
  .tuple(
    message.map((each) => Buffer.from(JSON.stringify(each))),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 1 }),
  )
  .map(([text, changes]) => {
    for (const [at, byte] of changes) if (at < text.length) text[at] = byte;
    return text;
  });

const isUtf8 = (text: Buffer): boolean => Buffer.from(text.toString()).equals(text);

it('random messages are answered, or close the connection with a code', async () => {
  const property = fc.asyncProperty(
    fc.array(bytes, { minLength: 1, maxLength: 12 }),
    async (all) => {
      const client = await connectRaw(project.endpoint);
      await client.init({ apiKey: project.key });
      for (const each of all) client.socket.send(each, { binary: false });
      // A connection that is open answers this.
      client.send({ id: 'last', type: 'subscribe', payload: { query: '{ __typename }' } });
      for (;;) {
        const next = await client.next().catch(() => null);
        if (next === null) break;
        expect(['next', 'error', 'complete', 'pong']).toContain(next.type);
        expect(JSON.stringify(next)).not.toContain('INTERNAL_SERVER_ERROR');
        if (next.id === 'last') break;
      }
      if (client.socket.readyState === client.socket.OPEN) client.socket.close(1000);
      const { code } = await client.closed;
      const allowed: readonly number[] = [...closingCodes, 1000];
      // 1007 is for texts that are not UTF-8.
      if (!all.every(isUtf8) && code === 1007) return;
      expect(allowed).toContain(code);
      expect(code).not.toBe(4500);
    },
  );
  await fc.assert(property, { numRuns: 150 });
  expect(lines).toEqual([]);
  await expect
    .poll(() => app.liveStats().queries + app.liveStats().streams, { timeout: 5_000 })
    .toBe(0);
  expect(await project.data(notesQuery)).toMatchObject({ notes: {} });
}, 120_000);
