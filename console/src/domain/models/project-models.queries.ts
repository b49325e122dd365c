import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '../query-keys.ts';

/** A project's models at one schema version, limited to those that the signed-in member can access. */
export const projectModelsQuery = (ref: string, schemaVersion: number) =>
  queryOptions({
    queryKey: queryKeys.project.models(ref, schemaVersion),
    // Without the signal, so that closing the command palette does not cancel the request of the page that it opens.
    queryFn: async () => {
      // Loaded when it is needed, because every page loads the routes, which contain this query.
      const { loadModels } = await import('./load-models.ts');
      return loadModels(ref);
    },
    // A schema version is immutable, and each version has its own query key.
    staleTime: Infinity,
  });
