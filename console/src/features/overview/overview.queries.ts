import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  ProjectAuditDocument,
  ProjectKeyUseDocument,
  ProjectUsageDocument,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** How many keys a project has that work, and whether one of the newest was ever used. */
export const keyUseQuery = (ref: string) =>
  queryOptions({
    queryKey: ['project', ref, 'keys', 'use'],
    queryFn: async () => {
      const keys = (await request(ProjectKeyUseDocument, { ref })).project?.apiKeys;
      return {
        count: keys?.totalCount ?? 0,
        isUsed: keys?.nodes.some(({ lastUsedAt }) => lastUsedAt !== null) ?? false,
      };
    },
  });

export const usageQuery = (ref: string, days: number) =>
  queryOptions({
    queryKey: ['project', ref, 'usage', days],
    queryFn: async () => (await request(ProjectUsageDocument, { ref, days })).project?.usage ?? [],
    placeholderData: keepPreviousData,
  });

export const latestAuditQuery = (slug: string, ref: string) =>
  queryOptions({
    queryKey: ['project', ref, 'audit'],
    queryFn: async () =>
      (await request(ProjectAuditDocument, { slug, ref })).organization?.auditLog.nodes ?? [],
  });
