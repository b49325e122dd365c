import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';

import { managementDocumentLimits } from '../control-plane/graphql/graphql-execution.ts';
import { createDocumentStore } from './document-store.ts';

const schema = buildSchema(`
  type Query { pets(first: Int): Pets }
  type Pets { totalCount: Int }
`);
const store = createDocumentStore(schema, managementDocumentLimits);

it('parses a document once', () => {
  const text = '{ pets(first: 5) { totalCount } }';
  expect(store.prepare(text, {})).toBe(store.prepare(text, {}));
});

it('checks the page sizes of each request, even for a cached document', () => {
  const text = 'query ($n: Int) { pets(first: $n) { totalCount } }';
  const first = store.prepare(text, { n: 5 });
  expect(() => store.prepare(text, { n: 500 })).toThrow('at most 100');
  expect(store.prepare(text, { n: 6 }).document).toBe(first.document);
});

it('throws errors with codes for an invalid document, even if it was prepared before', () => {
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
