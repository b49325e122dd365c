import { queryOptions } from '@tanstack/react-query';

import {
  CurrentOrganizationDocument,
  type CurrentOrganizationQuery,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

import { queryKeys } from './query-keys.ts';

export type Organization = NonNullable<CurrentOrganizationQuery['organization']>;

/** An organization by its slug; null if the viewer is not a member. */
export const organizationQuery = (slug: string) =>
  queryOptions({
    queryKey: queryKeys.organization.one(slug),
    queryFn: async () => (await request(CurrentOrganizationDocument, { slug })).organization,
  });
