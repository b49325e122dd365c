import { expect, test } from 'vitest';

// The form must show the slug that the gateway derives.
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

test.each(names)('derives the same slug as the server from %j', (name) => {
  expect(slugFromName(name)).toBe(madeByTheGateway(name) ?? '');
});

test.each(['ab', 'abc', '-abc', 'abc-', 'a--b', 'Abc', 'a'.repeat(48), 'a'.repeat(49), ''])(
  'accepts or rejects %j as the server does',
  (text) => expect(slugPattern.test(text)).toBe(slug.safeParse(text).success),
);
