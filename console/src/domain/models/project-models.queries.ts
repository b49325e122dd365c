import { queryOptions } from '@tanstack/react-query';

import type { ViewAs } from '#console/lib/api/view-as.ts';

import { queryKeys } from '../query-keys.ts';

/**
 * A project's models at one schema version, limited to those that the signed-in member can access.
 *
 * @param viewAs the caller as whom the member sees the API; null for the member's own permissions
 */
export const projectModelsQuery = (
  ref: string,
  schemaVersion: number,
  viewAs: ViewAs | null = null,
) =>
  queryOptions({
    queryKey: queryKeys.project.models(ref, schemaVersion, viewAs),
    // Without the signal, so that closing the command palette does not cancel the request of the page that it opens.
    queryFn: async () => {
      // Loaded when it is needed, because every page loads the routes, which contain this query.
      const { loadModels } = await import('./load-models.ts');
      return loadModels(ref, viewAs);
    },
    // A schema version is immutable, and each version has its own query key.
    staleTime: Infinity,
  });
