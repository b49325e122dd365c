import { queryOptions } from '@tanstack/react-query';

import { requestProject } from '#console/lib/api/project.ts';

import type { DataModel } from './data-model.ts';
import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import { readModel } from './read-model.ts';

/** The model of a project at one version of its schema, as the signed-in member may use it. */
export const projectModelQuery = (ref: string, schemaVersion: number) =>
  queryOptions({
    queryKey: ['project', ref, 'model', schemaVersion],
    queryFn: async ({ signal }): Promise<DataModel> =>
      readModel(
        await requestProject<IntrospectionAnswer>(ref, { document: introspectionQuery, signal }),
      ),
    // A version is never changed; a new one has a key of its own.
    staleTime: Infinity,
  });
