import { queryOptions } from '@tanstack/react-query';

import { CurrentProjectDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The project of an address; null for one in an organization that the viewer is no member of. */
export const projectQuery = (ref: string) =>
  queryOptions({
    queryKey: ['project', ref],
    queryFn: async () => (await request(CurrentProjectDocument, { ref })).project,
  });
