import {
  specifiedRules,
  validate,
  VariablesInAllowedPositionRule,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import {
  checkDocument,
  parseDocument,
  type CheckedDocument,
  type DocumentLimits,
} from './document-limits.ts';
import { DocumentError } from './document-error.ts';
import { variablesInAllowedPosition } from './variables-in-scalars.ts';

/** Parses and validates documents of one schema within the limits. */
export interface DocumentStore {
  /**
   * Returns the parsed and validated document, checked for these variables.
   * @throws RequestError if a limit is exceeded
   * @throws GraphQLError with the code `GRAPHQL_PARSE_FAILED`
   * @throws DocumentError with validation errors, each with a code
   */
  prepare(text: string, variables: Readonly<Record<string, unknown>>): ReadDocument;
}

const standardRules = specifiedRules.map((rule) =>
  rule === VariablesInAllowedPositionRule ? variablesInAllowedPosition : rule,
);

/** Only the first few errors are useful to readers, and finding more takes time. */
const maxValidationErrors = 20;

/** A parsed document takes about a hundred times the memory of its text. */
const maxCachedDocuments = 1_000;
const maxCachedCharacters = 500_000;

/** A valid document that is within the limits for its variables. */
export interface ReadDocument extends CheckedDocument {
  readonly document: DocumentNode;
}

export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly limits: DocumentLimits;
  /** Validation rules in addition to those of the GraphQL specification. */
  readonly rules?: readonly ValidationRule[];
  /** Omits "Did you mean …?" from messages, because suggestions name parts of the schema. @default false */
  readonly hideSuggestions?: boolean;
}

/**
 * Parses and validates a document within the limits, without a cache.
 * @throws the same errors as `DocumentStore.prepare`
 */
export function readDocument(
  { schema, limits, rules = [], hideSuggestions = false }: DocumentRules,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): ReadDocument {
  const document = parseDocument(text, limits);
  const checked = checkDocument(document, schema, variables, limits);
  const allRules = [...standardRules, ...rules];
  const options = { maxErrors: maxValidationErrors, hideSuggestions };
  const [first, ...more] = validate(schema, document, allRules, options);
  if (first !== undefined) throw new DocumentError([first, ...more]);
  return { document, ...checked };
}

/** Caches the most recently used valid documents by their text, so that each one is parsed and validated once. */
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
        if (pageVariables.size === 0) return known;
        return { document, ...checkDocument(document, schema, variables, limits) };
      }
      const read = readDocument({ schema, limits }, text, variables);
      cache.set(text, read);
      return read;
    },
  };
}
