import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { ProjectKeysDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { pageArguments } from '#console/lib/cursor-page.ts';

import type { KeysSearch } from './keys-search.ts';

const pageSize = 20;

/** One page of a project's keys, newest first, with the number of requests in the last seven days. */
export const keysQuery = (ref: string, { show, after, before }: KeysSearch) =>
  queryOptions({
    queryKey: queryKeys.project.apiKeysPage(ref, { show, after, before }),
    queryFn: async () => {
      const page = pageArguments({ after, before }, pageSize);
      const variables = { ref, ...page, ...(show === undefined && { active: true }) };
      return (await request(ProjectKeysDocument, variables)).project?.apiKeys ?? null;
    },
  });
