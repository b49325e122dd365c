import * as z from 'zod/mini';

import { searchParam } from '#console/lib/search-param.ts';

/** The open dialog: for a new issuer, or for the trusted issuer with this URL. */
export const projectSettingsSearch = z.object({
  newIssuer: searchParam(z.literal(true)),
  editIssuer: searchParam(z.string()),
});
