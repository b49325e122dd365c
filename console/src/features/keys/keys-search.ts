import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

export const keysSearch = z.object({
  ...cursorPageSearch,
  /** Includes revoked and expired keys. */
  show: searchParam(z.literal('all')),
  /** The open dialog. `new` is the dialog for a new key. `edit`, `rotate` and `key` contain a key's id. `key` shows a publishable key. */
  new: searchParam(z.literal(true)),
  edit: searchParam(z.string()),
  rotate: searchParam(z.string()),
  key: searchParam(z.string()),
});

export type KeysSearch = z.output<typeof keysSearch>;
