import { QueryClient, type QueryExecuteOptions, type QueryKey } from '@tanstack/react-query';

import { isApiError } from './api/errors.ts';

/** Only what may go away by itself is tried again. */
const passing = new Set(['NETWORK', 'OVERLOADED', 'INTERNAL', 'INTERNAL_SERVER_ERROR']);

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && isApiError(error) && passing.has(error.code),
      },
      mutations: { retry: false },
    },
  });

/**
 * For loaders: what was fetched already, however old (the page that shows it asks again), and what was not, once it
 * has come.
 */
export const ensure = <Fetched, Data, Key extends QueryKey>(
  queryClient: QueryClient,
  options: QueryExecuteOptions<Fetched, Error, Data, Fetched, Key>,
): Promise<Data> => queryClient.query({ ...options, staleTime: 'static' });
