import {
  GraphQLError,
  GraphQLInt,
  getNamedType,
  isIntrospectionType,
  Kind,
  parse,
  Source,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';

import { documentErrors } from './document-errors.ts';
import { createMeter, type Measure } from './document-meter.ts';
import { introspectionCostOf } from './introspection-cost.ts';

/** What a GraphQL document may be, before anybody looks at what it means. */
export interface DocumentLimits {
  /** UTF-16 code units of text. Comments and long strings are hardly any tokens. */
  readonly characters: number;
  readonly tokens: number;
  /** Levels of fields, introspection apart. */
  readonly depth: number;
  /** Fields once every fragment is written out where it is spread, introspection apart. */
  readonly fields: number;
  /** The same for introspection. */
  readonly introspectionFields: number;
  /** Fields, each times the sizes of the pages it is in. */
  readonly cost: number;
  /** The most that `first` and `last` may ask for. */
  readonly pageSize: number;
  /** What a page has when neither is given. */
  readonly defaultPageSize: number;
}

/**
 * Text → document, at a cost that the limits bound.
 *
 * The text is let go of, and each node's token tells line and column instead: GraphQLError would search the
 * whole text for each place that it names, which blank lines and many errors make slow.
 * @throws RequestError `QUERY_TOO_LARGE`
 * @throws GraphQLError with the code `GRAPHQL_PARSE_FAILED` and the place
 */
export function parseDocument(text: string, limits: DocumentLimits): DocumentNode {
  if (text.length > limits.characters) {
    throw documentErrors.tooManyCharacters(limits.characters);
  }
  const source = new Source(text);
  try {
    return parse(source, { maxTokens: limits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes('tokens. Parsing aborted')) {
      throw documentErrors.tooManyTokens(limits.tokens);
    }
    throw documentErrors.parseFailed(error, source);
  } finally {
    source.body = '';
  }
}

/**
 * Refuses a document that would be slow to validate or to answer, in one linear pass. It stands before
 * validation, of whose rules some compare each field with each other one.
 *
 * @param variables as they came; only numbers for `first` and `last` are looked at
 * @returns the names of the variables whose values could lead to another outcome
 * @throws RequestError `QUERY_TOO_DEEP`, `QUERY_TOO_COMPLEX`, `GRAPHQL_VALIDATION_FAILED` for fragments in a
 *   circle, or `BAD_USER_INPUT` for too large a page
 */
export function checkDocument(
  document: DocumentNode,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
  limits: DocumentLimits,
): { readonly pageVariables: ReadonlySet<string> } {
  const introspection = introspectionCostOf(schema);
  const pages = createPageReader(document, variables, limits);
  const measure = createMeter({
    document,
    schema,
    listSize: (field, definition, parent) =>
      parent !== null && isIntrospectionType(parent)
        ? introspection.listSize(field, parent)
        : pages.sizeOf(field, definition),
  });
  for (const definition of document.definitions) {
    // Fragments that nothing spreads are measured as well, since validation looks at them as well.
    if (
      definition.kind === Kind.OPERATION_DEFINITION ||
      definition.kind === Kind.FRAGMENT_DEFINITION
    ) {
      refuseTooMuch(measure(definition), limits, introspection.allowed);
    }
  }
  return { pageVariables: pages.variables };
}

function refuseTooMuch(measure: Measure, limits: DocumentLimits, introspection: number): void {
  if (measure.depth > limits.depth) {
    throw documentErrors.tooDeep(measure.depth, limits.depth);
  }
  if (measure.fields > limits.fields) throw documentErrors.tooManyFields(limits.fields);
  if (measure.introspectionFields > limits.introspectionFields) {
    throw documentErrors.tooManyIntrospectionFields(limits.introspectionFields);
  }
  if (measure.cost > limits.cost) {
    throw documentErrors.tooCostly(measure.cost, limits.cost);
  }
  if (measure.introspectionCost > introspection) {
    throw documentErrors.tooMuchIntrospection();
  }
}

const pageArguments = ['first', 'last'];

/** Reads how long the pages are that a document asks for. */
function createPageReader(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  limits: DocumentLimits,
) {
  const names = new Set<string>();
  const defaults = largestDefaults(document);

  const askedFor = (value: ValueNode): number | null => {
    if (value.kind !== Kind.VARIABLE) return wholeNumber(value);
    names.add(value.name.value);
    const given = variables[value.name.value];
    return typeof given === 'number' ? given : (defaults.get(value.name.value) ?? null);
  };

  const sizeOf = (field: FieldNode, definition: GraphQLField<unknown, unknown> | null): number => {
    if (definition !== null && !isPage(definition)) return 1;
    const asked = (field.arguments ?? [])
      .filter((argument) => pageArguments.includes(argument.name.value))
      .map((argument) => {
        const size = askedFor(argument.value);
        if (size !== null && size > limits.pageSize) throw pageTooLarge(argument, limits);
        return size;
      })
      .filter((size) => size !== null);
    if (asked.length > 0) return Math.max(1, ...asked);
    return definition === null ? 1 : limits.defaultPageSize;
  };

  return { sizeOf, variables: names };
}

/** A field with `first: Int` or `last: Int` answers a page. */
function isPage(definition: GraphQLField<unknown, unknown>): boolean {
  return definition.args.some(
    ({ name, type }) => pageArguments.includes(name) && getNamedType(type) === GraphQLInt,
  );
}

/** The largest default of each variable name, whichever operation is going to run. */
function largestDefaults(document: DocumentNode): ReadonlyMap<string, number> {
  const defaults = new Map<string, number>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, defaultValue } of definition.variableDefinitions ?? []) {
      const size = defaultValue === undefined ? null : wholeNumber(defaultValue);
      if (size === null) continue;
      defaults.set(variable.name.value, Math.max(size, defaults.get(variable.name.value) ?? 0));
    }
  }
  return defaults;
}

function wholeNumber(value: ValueNode): number | null {
  return value.kind === Kind.INT ? Number(value.value) : null;
}

function pageTooLarge(argument: ArgumentNode, limits: DocumentLimits): Error {
  const place = argument.loc?.startToken;
  const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  return documentErrors.pageTooLarge(argument.name.value, limits.pageSize, where);
}
