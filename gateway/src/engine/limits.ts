import type { DocumentLimits } from '../graphql/document-limits.ts';
import { isCountOfList } from './api/bindings.ts';
import { limits as sdlLimits } from './sdl/limits.ts';

/**
 * The limits of one request to a project's API. An error about a limit contains the path to the value that exceeds it.
 * The limits of a project's SDL are in `sdl/limits.ts`.
 */
export const requestLimits = {
  /** Rows in a page when neither `first` nor `last` is given. `@model(maxPageSize:)` can lower this number. */
  defaultPageSize: 20,
  /** Rows that `offset` can skip. Unlike with a cursor, PostgreSQL reads all of them. */
  offset: 100_000,

  /** Levels of nested objects and lists in one argument. */
  argumentDepth: 32,
  /**
   * Objects, lists and leaves (scalars and enum values) in the filters, sort orders and page arguments of an operation.
   * A list of leaves counts as one leaf. `namedRows` limits the data of mutations.
   */
  argumentValues: 2_000,
  /** Relations in the filters and sort orders of an operation. Each one becomes a subquery or a join. */
  relations: 100,
  /** Relations in the access rules that apply to the rows of an operation. */
  ruleRelations: 2_000,
  /** Conditions in these rules. */
  ruleConditions: 20_000,
  /** Values in one list of leaves, such as the operand of `in`. */
  listLength: 10_000,
  /** Levels of nested objects and lists in a JSON value. */
  jsonDepth: 100,

  /** Rows in the data of all mutations of a request. */
  namedRows: 10_000,
  /** The same, and the largest `atMost`, for callers that are signed out. */
  publicRows: 100,
  /** The largest `atMost` of a mutation that updates or deletes all matching rows. */
  atMost: 10_000,
  /** The largest `atMost` if only the number of rows is selected and their relations are not changed. */
  atMostCounted: 1_000_000,

  /** Characters in the plan key of a query. An operation with a longer key is compiled again for each request. */
  planKeyLength: 4_000,
} as const;

/** The limits of a document. Most are higher than in the control plane, because clients send larger documents. */
export const projectDocumentLimits: DocumentLimits = {
  characters: 200_000,
  tokens: 10_000,
  // A JSON literal can have `jsonDepth` levels.
  brackets: 200,
  depth: 15,
  fields: 1_000,
  samePairs: 20_000,
  introspectionFields: 500,
  cost: 100_000,
  // A model can have a smaller limit, `@model(maxPageSize:)`, which is checked when values are bound.
  pageSize: sdlLimits.pageSize,
  defaultPageSize: requestLimits.defaultPageSize,
  isCount: (field) => isCountOfList(field),
  // Access rules cost more: see `ruleCostIn`.
  extraCost: () => 0,
};
