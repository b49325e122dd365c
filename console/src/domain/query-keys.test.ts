import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

const source = new URL('../', import.meta.url);

/** Matches `queryKey: [` and the first argument of functions such as `getQueryData([`. */
const literalKey = /queryKey:\s*\[|Quer(?:y|ies)Data(?:<[^>]*>)?\(\s*\[/;
/** Matches access to the parts of a key: `queryKey.includes('rows')`, `queryKey[1]`. */
const inspectedKey = /queryKey(?:\.\w+\(|\[)/;

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !/(?:^|[\\/])query-keys(?:\.test)?\.ts$/.test(name),
);

test('only query-keys.ts composes or inspects query cache keys', () => {
  expect(files.length).toBeGreaterThan(100);
  const offenders = files.filter((name) => {
    const text = readFileSync(new URL(name.replaceAll('\\', '/'), source), 'utf8');
    return literalKey.test(text) || inspectedKey.test(text);
  });
  expect(offenders).toEqual([]);
});
