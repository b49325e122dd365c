import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

import { roles } from './roles.ts';

export const membersSearch = z.object({
  ...cursorPageSearch,
  /** Shows only members with this role. */
  role: searchParam(z.enum(roles)),
  /** Whether the invite dialog is open. */
  invite: searchParam(z.literal(true)),
});

export type MembersSearch = z.output<typeof membersSearch>;
