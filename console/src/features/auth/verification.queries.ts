import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { VerifyEmailDocument } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

/**
 * Verifies an email address with the token from an emailed link, and returns whether the token was valid. It is a query
 * although it changes data, because the cache sends each token only once: otherwise, a page that renders twice would
 * use up the token and then report it as invalid.
 */
export const verificationQuery = (token: string) =>
  queryOptions({
    queryKey: queryKeys.emailVerification(token),
    queryFn: async (): Promise<boolean> => {
      try {
        const data = await request(VerifyEmailDocument, { input: { token } });
        return expectSuccess(data.verifyEmail, 'VerifyEmailSuccess').ok;
      } catch (error) {
        if (isApiError(error, 'INVALID_TOKEN')) return false;
        throw error;
      }
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
