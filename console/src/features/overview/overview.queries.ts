import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  ProjectAuditDocument,
  ProjectOverviewDocument,
  ProjectUsageDocument,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** How many keys a project has. */
export const keyCountQuery = (ref: string) =>
  queryOptions({
    queryKey: ['project', ref, 'keys', 'count'],
    queryFn: async () =>
      (await request(ProjectOverviewDocument, { ref })).project?.apiKeys.totalCount ?? 0,
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
