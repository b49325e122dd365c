import type { DocumentLimits } from '../../graphql/document-limits.ts';
import { limits } from '../sdl/limits.ts';

/** What a document of a project's API may be: clients ask for more at once than the console does. */
export const projectDocumentLimits: DocumentLimits = {
  characters: 200_000,
  tokens: 10_000,
  depth: 15,
  fields: 1_000,
  introspectionFields: 500,
  cost: 100_000,
  // Each type's own limit is asked when a page is bound.
  pageSize: limits.pageSize,
  defaultPageSize: 20,
};
