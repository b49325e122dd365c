import { expect, test } from 'vitest';

// What the form shows beforehand is what the gateway makes.
import {
  slug,
  slugFromName as madeByTheGateway,
} from '../../../gateway/src/control-plane/slugs.ts';
import { slugFromName, slugPattern } from './slug.ts';

const names = [
  'Acme, Inc.',
  'Café Zoë',
  '  --  ',
  'A',
  '東京',
  'x'.repeat(60),
  'a-'.repeat(30),
  'Ab1',
];

test.each(names)('the slug of %j is the one that the server would make', (name) => {
  expect(slugFromName(name)).toBe(madeByTheGateway(name) ?? '');
});

test.each(['ab', 'abc', '-abc', 'abc-', 'a--b', 'Abc', 'a'.repeat(48), 'a'.repeat(49), ''])(
  'the server has the same opinion of %j',
  (text) => expect(slugPattern.test(text)).toBe(slug.safeParse(text).success),
);
