import * as z from 'zod/mini';

import type { PageEndsFragment } from '#console/gql/graphql.ts';
import { searchParam } from './search-param.ts';

/** The position of a page in a list, as stored in the URL. Without a cursor, this is the first page. */
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

/** The search parameters of a route that shows a list. */
export const cursorPageSearch = {
  after: searchParam(z.string()),
  before: searchParam(z.string()),
};

/** The arguments for a management API connection. `before` is ignored if `after` is set. */
export function pageArguments({ after, before }: CursorPage, size: number): PageArguments {
  return after === undefined && before !== undefined
    ? { last: size, before }
    : { first: size, ...(after !== undefined && { after }) };
}

/** The positions of the previous and next pages; null where there is no such page. */
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
