import { queryOptions } from '@tanstack/react-query';

import { CurrentProjectDocument, type CurrentProjectQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

import { queryKeys } from './query-keys.ts';

export type Project = NonNullable<CurrentProjectQuery['project']>;

/** A project by its ref; null if the viewer is not a member of its organization. */
export const projectQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.one(ref),
    queryFn: async () => (await request(CurrentProjectDocument, { ref })).project,
  });
