import { queryOptions } from '@tanstack/react-query';

import { requestProject } from '#console/lib/api/project.ts';

import { queryKeys } from '../query-keys.ts';
import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import type { ProjectModels } from './project-models.ts';
import { readModels } from './read-models.ts';

/** A project's models at one schema version, limited to those that the signed-in member can access. */
export const projectModelsQuery = (ref: string, schemaVersion: number) =>
  queryOptions({
    queryKey: queryKeys.project.models(ref, schemaVersion),
    queryFn: async ({ signal }): Promise<ProjectModels> =>
      readModels(
        await requestProject<IntrospectionAnswer>(ref, { document: introspectionQuery, signal }),
      ),
    // A schema version is immutable, and each version has its own query key.
    staleTime: Infinity,
  });
