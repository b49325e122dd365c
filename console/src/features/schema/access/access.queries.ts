import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { ProjectAccessDocument, type ProjectAccessQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

type Answer = NonNullable<ProjectAccessQuery['projectAccess']>;
export type ProjectAccess = Extract<Answer, { __typename: 'ProjectAccessSuccess' }>['access'];
export type ModelAccess = ProjectAccess['models'][number];
export type EffectiveRight = ModelAccess['rights'][number];
export type AccessRule = ModelAccess['rules'][number];

/** What the access rules in an SDL permit; null if the SDL is invalid. */
export const projectAccessQuery = (ref: string, sdl: string) =>
  queryOptions({
    queryKey: queryKeys.project.access(ref, sdl),
    queryFn: async ({ signal }): Promise<ProjectAccess | null> => {
      const { projectAccess } = await request(ProjectAccessDocument, { ref, sdl }, { signal });
      if (projectAccess?.__typename === 'InvalidSchemaError') return null;
      return expectSuccess(projectAccess, 'ProjectAccessSuccess').access;
    },
    placeholderData: keepPreviousData,
    // Each query key contains the complete SDL, so the answers are removed from the cache early.
    gcTime: 60_000,
    staleTime: Infinity,
  });
