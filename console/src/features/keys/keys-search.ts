import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

export const keysSearch = z.object({
  ...cursorPageSearch,
  /** With those that are revoked or expired. */
  show: searchParam(z.literal('all')),
  /** The dialog that is open: a new key, or the id of the one that it is about. */
  new: searchParam(z.literal(true)),
  edit: searchParam(z.string()),
  rotate: searchParam(z.string()),
});

export type KeysSearch = z.output<typeof keysSearch>;
