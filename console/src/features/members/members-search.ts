import { z } from 'zod';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';

import { roles } from './roles.ts';

export const membersSearch = z.object({
  ...cursorPageSearch,
  /** Members of this role alone. */
  role: z.enum(roles).optional().catch(undefined),
  /** Whether the invite dialog is open. */
  invite: z.literal(true).optional().catch(undefined),
});

export type MembersSearch = z.output<typeof membersSearch>;
