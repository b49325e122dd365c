import {
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import { checkDocument, parseDocument, type DocumentLimits } from './document-limits.ts';
import { DocumentError } from './document-error.ts';

/** Documents of one schema, parsed, within the limits, and valid. */
export interface DocumentStore {
  /**
   * @throws RequestError where the limits are passed
   * @throws GraphQLError with the code `GRAPHQL_PARSE_FAILED`
   * @throws DocumentError with GraphQL's errors, each with a code
   */
  prepare(text: string, variables: Readonly<Record<string, unknown>>): DocumentNode;
}

/** A person reads a few; more would only be work for the server. */
const maxValidationErrors = 20;

/** A parsed document takes some hundred times the memory of its text. */
const maxCachedDocuments = 1_000;
const maxCachedCharacters = 500_000;

/** A document that is within the limits, for the variables it came with, and valid. */
export interface ReadDocument {
  readonly document: DocumentNode;
  /** Where another request has other values for these, `checkDocument` must look again. */
  readonly pageVariables: ReadonlySet<string>;
}

export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: DocumentLimits;
  /** Beside GraphQL's own. */
  readonly rules?: readonly ValidationRule[];
}

/** @throws as `DocumentStore` */
export function readDocument(
  { schema, limits, rules = [] }: DocumentRules,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): ReadDocument {
  const document = parseDocument(text, limits);
  const { pageVariables } = checkDocument(document, schema, variables, limits);
  const allRules = [...specifiedRules, ...rules];
  const [first, ...more] = validate(schema, document, allRules, { maxErrors: maxValidationErrors });
  if (first !== undefined) throw new DocumentError([first, ...more]);
  return { document, pageVariables };
}

/** Keeps the most recently used valid documents by their text, so that each is worked on once. */
export function createDocumentStore(schema: GraphQLSchema, limits: DocumentLimits): DocumentStore {
  const cache = new LRUCache<string, ReadDocument>({
    max: maxCachedDocuments,
    maxSize: maxCachedCharacters,
    maxEntrySize: 50_000,
    sizeCalculation: (_document, text) => text.length,
  });
  return {
    prepare(text, variables) {
      const known = cache.get(text);
      if (known !== undefined) {
        const { document, pageVariables } = known;
        if (pageVariables.size > 0) checkDocument(document, schema, variables, limits);
        return document;
      }
      const read = readDocument({ schema, limits }, text, variables);
      cache.set(text, read);
      return read.document;
    },
  };
}
