import { QueryClient, type QueryExecuteOptions, type QueryKey } from '@tanstack/react-query';

import { isApiError } from './api/errors.ts';

/** The codes of temporary errors. Only these are retried. */
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
 * Loads a query in a route loader. Returns cached data of any age, because the page refetches stale data. Data that is
 * not cached is fetched.
 */
export const ensure = <Fetched, Data, Key extends QueryKey>(
  queryClient: QueryClient,
  options: QueryExecuteOptions<Fetched, Error, Data, Fetched, Key>,
): Promise<Data> => queryClient.query({ ...options, staleTime: 'static' });
