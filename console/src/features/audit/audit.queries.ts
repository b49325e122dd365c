import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { AuditChoicesDocument, AuditLogDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { pageArguments } from '#console/lib/cursor-page.ts';

import { auditFilter, type AuditSearch } from './audit-search.ts';

const pageSize = 25;

/** One page of an organization's audit log, newest first. */
export const auditLogQuery = (slug: string, search: AuditSearch) =>
  queryOptions({
    queryKey: queryKeys.organization.auditLog(slug, search),
    queryFn: async () => {
      const filter = auditFilter(search, new Date());
      const variables = { slug, filter, ...pageArguments(search, pageSize) };
      return (await request(AuditLogDocument, variables)).organization?.auditLog ?? null;
    },
  });

/** The choices for the audit log filters: the first 100 members and the first 100 projects. */
export const auditChoicesQuery = (slug: string) =>
  queryOptions({
    queryKey: queryKeys.organization.auditChoices(slug),
    queryFn: async () => {
      const { organization } = await request(AuditChoicesDocument, { slug });
      return {
        users: organization?.members.nodes.map(({ user }) => user) ?? [],
        projects: organization?.projects.nodes ?? [],
      };
    },
  });
