import { queryOptions } from '@tanstack/react-query';

import { CurrentOrganizationDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The organization of an address; null for one that the viewer is no member of. */
export const organizationQuery = (slug: string) =>
  queryOptions({
    queryKey: ['organization', slug],
    queryFn: async () => (await request(CurrentOrganizationDocument, { slug })).organization,
  });
