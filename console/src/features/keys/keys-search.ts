import { z } from 'zod';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';

export const keysSearch = z.object({
  ...cursorPageSearch,
  /** With those that are revoked or expired. */
  show: z.literal('all').optional().catch(undefined),
  /** The dialog that is open: a new key, or the id of the one that it is about. */
  new: z.literal(true).optional().catch(undefined),
  edit: z.string().optional().catch(undefined),
  rotate: z.string().optional().catch(undefined),
});

export type KeysSearch = z.output<typeof keysSearch>;
