import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  ProjectAuditDocument,
  ProjectKeyUsageDocument,
  ProjectStorageDocument,
  type ProjectStorageQuery,
  ProjectUsageDocument,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The number of a project's active keys, and whether any of the newest keys has been used. */
export const keyUsageQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.apiKeyUsage(ref),
    queryFn: async () => {
      const keys = (await request(ProjectKeyUsageDocument, { ref })).project?.apiKeys;
      return {
        count: keys?.totalCount ?? 0,
        isUsed: keys?.nodes.some(({ lastUsedAt }) => lastUsedAt !== null) ?? false,
      };
    },
  });

export const usageQuery = (ref: string, days: number) =>
  queryOptions({
    queryKey: queryKeys.project.usage(ref, days),
    queryFn: async () => (await request(ProjectUsageDocument, { ref, days })).project?.usage ?? [],
    placeholderData: keepPreviousData,
  });

export type Storage = NonNullable<ProjectStorageQuery['project']>['storage'];

/** The size of a project's data. */
export const storageQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.storage(ref),
    queryFn: async () => (await request(ProjectStorageDocument, { ref })).project?.storage ?? null,
  });

export const latestAuditQuery = (slug: string, ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.auditLog(ref),
    queryFn: async () =>
      (await request(ProjectAuditDocument, { slug, ref })).organization?.auditLog.nodes ?? [],
  });
