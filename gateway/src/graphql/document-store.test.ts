import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';

import { managementDocumentLimits } from '../control-plane/graphql/graphql-execution.ts';
import { createDocumentStore } from './document-store.ts';

const schema = buildSchema(`
  type Query { pets(first: Int): Pets }
  type Pets { totalCount: Int }
`);
const store = createDocumentStore(schema, managementDocumentLimits);

it('works on a document once', () => {
  const text = '{ pets(first: 5) { totalCount } }';
  expect(store.prepare(text, {})).toBe(store.prepare(text, {}));
});

it('looks at the page sizes of each request, also in a document that it knows', () => {
  const text = 'query ($n: Int) { pets(first: $n) { totalCount } }';
  const first = store.prepare(text, { n: 5 });
  expect(() => store.prepare(text, { n: 500 })).toThrow('at most 100');
  expect(store.prepare(text, { n: 6 })).toBe(first);
});

it('gives each error of an invalid document a code, and tells of it again the next time', () => {
  const text = '{ pets { totalCount nope } other }';
  const prepare = () => store.prepare(text, {});
  for (const attempt of [prepare, prepare]) {
    expect(attempt).toThrow(
      expect.objectContaining({
        errors: [
          expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
          expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
        ],
      }),
    );
  }
});
