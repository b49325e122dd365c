import { expect, it } from 'vitest';
import { unsendableIn } from './unsendable.ts';

it.each([
  [
    'NUL',
    { or: [{ title: { eq: 'a' } }, { title: { in: ['b', 'c\0'] } }] },
    ['where', 'or', 1, 'title', 'in', 1],
  ],
  ['half of a pair', { eq: '\ud83d' }, ['where', 'eq']],
  ['the other half', ['\ude00'], ['where', 0]],
  ['in the text itself', '\0', ['where']],
])('tells where PostgreSQL could not take a text: %s', (_, value, path) => {
  expect(unsendableIn(value, ['where'])?.path).toEqual(path);
});

it.each([[null], [undefined], [1], [true], ['😀 \u0001 ﷽'], [{ a: [[], {}, 'x'] }]])(
  'lets pass what it can: %j',
  (value) => {
    expect(unsendableIn(value, [])).toBeNull();
  },
);
