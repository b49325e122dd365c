import type { DocumentLimits } from '../graphql/document-limits.ts';
import { limits as sdlLimits } from './sdl/limits.ts';

/**
 * What one request to a project's API may ask for. Each limit is reported with the path of the value that
 * exceeds it. `sdl/limits.ts` lists what a project's SDL may contain.
 */
export const requestLimits = {
  /** Rows of a page when neither `first` nor `last` is given, unless `@model(maxPageSize:)` is smaller. */
  defaultPageSize: 20,
  /** Rows that `offset` skips: PostgreSQL reads all of them. Cursors have no such cost. */
  offset: 100_000,

  /** Levels of objects and lists in one argument. */
  argumentDepth: 32,
  /**
   * Objects, lists and leaves in the filters, orders and page arguments of an operation. A list of leaves is one leaf.
   * The data of mutations is counted by `namedRows`.
   */
  argumentValues: 2_000,
  /** Relations that the filters and orders of an operation follow: each becomes a subquery or a join. */
  relations: 100,
  /** Values in one list of leaves, such as the operand of `in`. */
  listLength: 10_000,
  /** Levels of a JSON value. */
  jsonDepth: 100,

  /** Rows that the mutations of a request name in their data. */
  namedRows: 10_000,
  /** The largest `atMost` of a mutation that changes or deletes every matching row. */
  atMost: 10_000,

  /** Characters of a query plan's key. An operation with a longer one is compiled for each request. */
  planKeyLength: 4_000,
} as const;

/** The size of a document. Clients of a project may ask for more at once than the console does. */
export const projectDocumentLimits: DocumentLimits = {
  characters: 200_000,
  tokens: 10_000,
  depth: 15,
  fields: 1_000,
  introspectionFields: 500,
  cost: 100_000,
  // The smaller limit of a model, `@model(maxPageSize:)`, is checked when values are bound.
  pageSize: sdlLimits.pageSize,
  defaultPageSize: requestLimits.defaultPageSize,
};
