import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { VerifyEmailDocument } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

/**
 * Whether the token of a mailed link proved its address. Asked once for each token, though it changes
 * something: a page that is drawn twice must not use a link up and then say that it is used up.
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
