import { validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

import { checkDocument, parseDocument, type DocumentLimits } from './document-limits.ts';
import { InvalidRequest } from './invalid-request.ts';

/** Documents of one schema, parsed, within the limits, and valid. */
export interface DocumentStore {
  /**
   * @throws Refusal where the limits are passed
   * @throws GraphQLError with the code `GRAPHQL_PARSE_FAILED`
   * @throws InvalidRequest with GraphQL's errors, each with a code
   */
  prepare(text: string, variables: Readonly<Record<string, unknown>>): DocumentNode;
}

/** A person reads a few; more would only be work for the server. */
const maxValidationErrors = 20;

/** A parsed document takes some hundred times the memory of its text. */
const maxCachedDocuments = 1_000;
const maxCachedCharacters = 500_000;

interface CachedDocument {
  readonly document: DocumentNode;
  readonly dependsOnVariables: boolean;
}

/** Keeps the most recently used valid documents by their text, so that each is worked on once. */
export function createDocumentStore(schema: GraphQLSchema, limits: DocumentLimits): DocumentStore {
  const cache = new LRUCache<string, CachedDocument>({
    max: maxCachedDocuments,
    maxSize: maxCachedCharacters,
    maxEntrySize: 50_000,
    sizeCalculation: (_document, text) => text.length,
  });
  return {
    prepare(text, variables) {
      const known = cache.get(text);
      if (known !== undefined) {
        if (known.dependsOnVariables) checkDocument(known.document, schema, variables, limits);
        return known.document;
      }
      const document = parseDocument(text, limits);
      const { dependsOnVariables } = checkDocument(document, schema, variables, limits);
      const problems = validate(schema, document, undefined, { maxErrors: maxValidationErrors });
      for (const { extensions } of problems) extensions.code ??= 'GRAPHQL_VALIDATION_FAILED';
      if (problems.length > 0) throw new InvalidRequest(problems);
      cache.set(text, { document, dependsOnVariables });
      return document;
    },
  };
}
