import * as z from 'zod/mini';

import type { PageEndsFragment } from '#console/gql/graphql.ts';
import { searchParam } from './search-param.ts';

/** Which page of a list, as it stands in an address; neither is the first page. */
export interface CursorPage {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

interface PageArguments {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

/** The search parameters of a page that shows a list. */
export const cursorPageSearch = {
  after: searchParam(z.string()),
  before: searchParam(z.string()),
};

/** The arguments of a connection of the management API. `after` wins where an address has both. */
export function pageArguments({ after, before }: CursorPage, size: number): PageArguments {
  return after === undefined && before !== undefined
    ? { last: size, before }
    : { first: size, ...(after !== undefined && { after }) };
}

/** What leads to the pages beside this one; null where there is none. */
export function pagesBeside(ends: PageEndsFragment): {
  readonly previous: CursorPage | null;
  readonly next: CursorPage | null;
} {
  const { hasPreviousPage, hasNextPage, startCursor, endCursor } = ends;
  return {
    previous: hasPreviousPage && startCursor !== null ? { before: startCursor } : null,
    next: hasNextPage && endCursor !== null ? { after: endCursor } : null,
  };
}
