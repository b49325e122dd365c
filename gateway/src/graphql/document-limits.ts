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
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

import { documentErrors } from './document-errors.ts';
import { bracketDepth } from './bracket-depth.ts';
import { createMeter, type ExtraCost, type IsCount, type Measure } from './document-meter.ts';
import { createOverlapCounter } from './overlapping-fields.ts';
import { introspectionCostOf } from './introspection-cost.ts';
import { workOf } from './request-cost.ts';

/** The limits for a GraphQL document. They are checked before validation. */
export interface DocumentLimits {
  /**
   * The maximum length of the text, in UTF-16 code units. Limiting `tokens` is not enough, because comments and long
   * strings contain few tokens.
   */
  readonly characters: number;
  readonly tokens: number;
  /** The maximum depth of nested brackets. Limits the recursion of everything that processes the document. */
  readonly brackets: number;
  /** The maximum depth of nested fields, excluding introspection. */
  readonly depth: number;
  /** The maximum number of fields after fragments are expanded, excluding introspection. */
  readonly fields: number;
  /**
   * The maximum number of pairs of fields with the same response key in the same object, because validation compares
   * each pair.
   */
  readonly samePairs: number;
  /** The maximum number of introspection fields after fragments are expanded. */
  readonly introspectionFields: number;
  /** The maximum number of fields, each multiplied by the sizes of the pages that contain it. */
  readonly cost: number;
  /** The maximum value of `first` and `last`. */
  readonly pageSize: number;
  /** The page size if neither `first` nor `last` is given. */
  readonly defaultPageSize: number;
  /** Which fields count or aggregate a whole list. They determine a document's work, which rate limits count. */
  readonly isCount: IsCount;
  /** What fields cost in addition to 1, such as for the access rules of their rows. */
  readonly extraCost: ExtraCost;
}

/** A document that is within the limits. */
export interface CheckedDocument {
  /** The names of the variables whose values can change the result of the check. */
  readonly pageVariables: ReadonlySet<string>;
  /** The work of each operation with these variables: see `workOf`. */
  readonly work: ReadonlyMap<OperationDefinitionNode, number>;
}

/**
 * Parses a document within the limits.
 *
 * The text is released after parsing, and locations are taken from the nodes' tokens. Otherwise, GraphQLError would
 * search the whole text for each location, which is slow if the text has many blank lines and errors.
 * @throws RequestError `QUERY_TOO_LARGE` or `QUERY_TOO_DEEP`
 * @throws GraphQLError with the code `GRAPHQL_PARSE_FAILED` and the location
 */
export function parseDocument(text: string, limits: DocumentLimits): DocumentNode {
  if (text.length > limits.characters) {
    throw documentErrors.tooManyCharacters(limits.characters);
  }
  if (bracketDepth(text, limits.brackets) > limits.brackets) {
    throw documentErrors.bracketsTooDeep(limits.brackets);
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
 * Rejects, in one linear pass, a document that would be slow to validate or to execute. Runs before validation, because
 * some validation rules compare every field with every other field.
 *
 * @param variables not checked yet; only numbers for `first` and `last` are used
 * @throws RequestError `QUERY_TOO_DEEP`, `QUERY_TOO_COMPLEX`, `GRAPHQL_VALIDATION_FAILED` for a fragment cycle, or
 *   `BAD_USER_INPUT` for a page that is too large
 */
export function checkDocument(
  document: DocumentNode,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
  limits: DocumentLimits,
): CheckedDocument {
  const introspection = introspectionCostOf(schema);
  const pages = createPageReader(document, variables, limits);
  const measure = createMeter({
    document,
    schema,
    listSize: (field, definition, parent) =>
      parent !== null && isIntrospectionType(parent)
        ? introspection.listSize(field, parent)
        : pages.sizeOf(field, definition),
    numberIn: (field, argument) => pages.numberIn(field, argument),
    isCount: limits.isCount,
    extraCost: limits.extraCost,
  });
  const countOverlaps = createOverlapCounter(document);
  const work = new Map<OperationDefinitionNode, number>();
  let fields = 0;
  let pairs = 0;
  for (const definition of document.definitions) {
    // Unused fragments are measured too, because validation processes them.
    if (
      definition.kind === Kind.OPERATION_DEFINITION ||
      definition.kind === Kind.FRAGMENT_DEFINITION
    ) {
      const measured = measure(definition);
      refuseTooMuch(measured, limits, introspection.allowed);
      fields += measured.fields + measured.introspectionFields;
      if (fields > repeats * limits.fields)
        throw documentErrors.tooManyFields(repeats * limits.fields);
      pairs += countOverlaps(definition);
      if (pairs > limits.samePairs) throw documentErrors.tooManySameFields();
      if (definition.kind === Kind.OPERATION_DEFINITION) work.set(definition, workOf(measured));
    }
  }
  return { pageVariables: pages.variables, work };
}

/** How often the maximum number of fields can occur in all operations and fragments together. */
const repeats = 20;

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

/** Determines the sizes of the pages that a document requests, and other numbers of rows. */
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

  const numberIn = (field: FieldNode, name: string): number | null => {
    const argument = field.arguments?.find((each) => each.name.value === name);
    const given = argument === undefined ? null : askedFor(argument.value);
    // Whether the number is in range is checked when values are bound.
    return given === null ? null : Math.min(Math.max(0, given), mostRows);
  };

  return { sizeOf, numberIn, variables: names };
}

/** No request can change or skip more rows than this. */
const mostRows = 100_000;

/** Reports whether a field returns a page, which it does if it has an argument `first: Int` or `last: Int`. */
function isPage(definition: GraphQLField<unknown, unknown>): boolean {
  return definition.args.some(
    ({ name, type }) => pageArguments.includes(name) && getNamedType(type) === GraphQLInt,
  );
}

/** The largest default value of each variable across all operations in the document. */
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
