import { queryOptions } from '@tanstack/react-query';

import { AccountPolicyDocument } from '#console/gql/graphql.ts';
import { requestAsNobody } from '#console/lib/api/management.ts';

import { queryKeys } from './query-keys.ts';

/** Who can register. It changes only when the gateway is configured and restarted. */
export const accountPolicyQuery = queryOptions({
  queryKey: queryKeys.accountPolicy,
  queryFn: async () => (await requestAsNobody(AccountPolicyDocument, {})).accountPolicy,
  staleTime: 5 * 60_000,
});
