import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuery, issuesOf, trackerApi } from '../../../test/engine/compile-kit.ts';

const id = '00000000-0000-7000-8000-000000000001';
const hash = 'a'.repeat(64);

/** Encodes a cursor as PostgreSQL does, except for whitespace. */
function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function page(orderBy: string, after: string): string {
  return `{ issues(orderBy: ${orderBy}, after: ${JSON.stringify(after)}) { nodes { id } } }`;
}

/** Reads the signature of a sort order from the SQL that creates its cursors. */
function signatureOf(orderBy: string): string {
  const { statement } = compileQuery(
    trackerApi,
    `{ issues(orderBy: ${orderBy}) { edges { cursor } } }`,
  );
  const [, signature = ''] =
    /json_build_array\('([^']+)'/.exec(statement.template.chunks.join('')) ?? [];
  expect(signature).toMatch(/^[\w-]{8}$/);
  return signature;
}

const orders = [
  '[]',
  '{ title: ASC }',
  '{ title: DESC }',
  '{ due: ASC }',
  '{ due: ASC_NULLS_FIRST }',
  '[{ title: ASC }, { number: ASC }]',
  '[{ number: ASC }, { title: ASC }]',
  '{ board: { name: ASC } }',
  '{ assignee: { name: ASC } }',
];

describe('a cursor', () => {
  it('is decoded into the values that it was created from', () => {
    const order = '[{ title: ASC }, { estimate: ASC }, { createdAt: DESC }, { due: ASC }]';
    const cursor = encoded([
      signatureOf(order),
      'a "b" \\ 🙂',
      '12345678901234567890.10',
      '2024-01-02T08:00:00.123456+00:00',
      null,
      id,
    ]);
    expect(compileQuery(trackerApi, page(order, cursor)).values).toEqual([
      'a "b" \\ 🙂',
      '12345678901234567890.10',
      '2024-01-02T08:00:00.123456Z',
      null,
      id,
    ]);
  });

  it('is valid only for the sort order that it was created for', () => {
    expect(new Set(orders.map(signatureOf)).size).toBe(orders.length);
    const cursor = encoded([signatureOf('[]'), id]);
    expect(issuesOf(trackerApi, page('[]', cursor))).toEqual([]);
    for (const order of orders.slice(1)) {
      expect(issuesOf(trackerApi, page(order, cursor)), order).toEqual(refused);
    }
    const byTitle = encoded([signatureOf('{ title: ASC }'), 'a', id]);
    for (const order of ['{ title: DESC }', '{ body: ASC }', '{ status: ASC }']) {
      expect(issuesOf(trackerApi, page(order, byTitle)), order).toEqual(refused);
    }
  });

  it('has the same signature for equivalent sort orders', () => {
    for (const same of ['null', '{ id: ASC }', '[{ id: ASC }, { title: DESC }]']) {
      expect(signatureOf(same), same).toBe(signatureOf('[]'));
    }
    expect(signatureOf('{ due: ASC_NULLS_LAST }')).toBe(signatureOf('{ due: ASC }'));
  });

  it.each([
    ['an empty list', []],
    ['too few values', [signatureOf('{ number: ASC }'), 1]],
    ['too many values', [signatureOf('{ number: ASC }'), 1, id, id]],
    ['no signature', [1, id]],
    ['a string in place of a number', [signatureOf('{ number: ASC }'), 'x', id]],
    ['a number out of range for its type', [signatureOf('{ number: ASC }'), 2 ** 31, id]],
    ['null for a required field', [signatureOf('{ number: ASC }'), null, id]],
    ['a list as a value', [signatureOf('{ number: ASC }'), [1], id]],
    ['an invalid id', [signatureOf('{ number: ASC }'), 1, 'x']],
    ['a null id', [signatureOf('{ number: ASC }'), 1, null]],
    ['an object in place of the list', { number: 1 }],
    ['null in place of the list', null],
  ])('is rejected if it contains %s', (_what, value) => {
    expect(issuesOf(trackerApi, page('{ number: ASC }', encoded(value)))).toEqual(refused);
  });

  it.each([
    ['text that PostgreSQL cannot store', '{ title: ASC }', 'a\0'],
    ['an invalid date', '{ due: ASC }', '2024-02-30'],
    ['an invalid time', '{ createdAt: ASC }', 'infinity'],
    ['an invalid decimal', '{ estimate: ASC }', 'NaN'],
  ])('is rejected if it contains %s', (_what, order, value) => {
    const cursor = encoded([signatureOf(order), value, id]);
    expect(issuesOf(trackerApi, page(order, cursor))).toEqual(refused);
  });

  it.each([
    ['a long text without a hash', '{ title: ASC }', ['a']],
    ['a long text with an invalid hash', '{ title: ASC }', ['a', 'b']],
    ['a long text that PostgreSQL cannot store', '{ title: ASC }', ['a\0', hash]],
    ['a long number', '{ estimate: ASC }', ['1', hash]],
  ])('is rejected if it contains %s', (_what, order, value) => {
    const cursor = encoded([signatureOf(order), value, id]);
    expect(issuesOf(trackerApi, page(order, cursor))).toEqual(refused);
  });

  it('contains the beginning and the hash of a long text, which is read again from the row', () => {
    const cursor = encoded([signatureOf('{ title: ASC }'), ['beginning', hash], id]);
    const { statement, values } = compileQuery(trackerApi, page('{ title: ASC }', cursor));
    expect(values).toEqual([id, hash, 'beginning', id]);
    expect(statement.template.chunks.join('')).toContain('coalesce((SELECT "t1"."title" FROM ');
  });

  it('never causes an unexpected error, regardless of its content', () => {
    const signature = signatureOf('{ due: ASC }');
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.boolean(), (values, isSigned) => {
        const cursor = encoded(isSigned ? [signature, ...values] : values);
        const issues = issuesOf(trackerApi, page('{ due: ASC }', cursor));
        expect([[], refused]).toContainEqual(issues);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,80}$/), (cursor) => {
        expect(issuesOf(trackerApi, page('[]', cursor))).toEqual(refused);
      }),
    );
  });
});

const refused = [
  {
    path: ['issues', 'after'],
    message: 'Invalid cursor. Use a cursor from this list with the same orderBy.',
  },
];
