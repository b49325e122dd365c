import * as z from 'zod/mini';

import type { AuditLogFilter } from '#console/gql/graphql.ts';
import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

const spans = ['today', '7d', '30d'] as const;

export const auditSearch = z.object({
  ...cursorPageSearch,
  action: searchParam(z.string()),
  actor: searchParam(z.string()),
  project: searchParam(z.string()),
  /** Up to now; `since` and `until` do not count beside it. */
  span: searchParam(z.enum(spans)),
  /** Days in the time of whoever looks: the first and the last one. */
  since: searchParam(z.iso.date()),
  until: searchParam(z.iso.date()),
});

export type AuditSearch = z.output<typeof auditSearch>;

const dayMs = 86_400_000;

/** What the API is asked for. */
export function auditFilter(search: AuditSearch, now: Date): AuditLogFilter {
  const { action, actor, project } = search;
  return {
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { actorId: actor }),
    ...(project !== undefined && { projectRef: project }),
    ...timeRange(search, now),
  };
}

function timeRange({ span, since, until }: AuditSearch, now: Date): TimeRange {
  switch (span) {
    case 'today':
      return { since: startOfDay(now).toISOString() };
    case '7d':
      return { since: new Date(now.getTime() - 7 * dayMs).toISOString() };
    case '30d':
      return { since: new Date(now.getTime() - 30 * dayMs).toISOString() };
    case undefined:
      return {
        ...(since !== undefined && { since: localDay(since).toISOString() }),
        ...(until !== undefined && { until: localDay(until, 1).toISOString() }),
      };
  }
}

type TimeRange = Pick<AuditLogFilter, 'since' | 'until'>;

const startOfDay = (date: Date): Date =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** The beginning of a day, or of one so many days later, where the viewer is. */
function localDay(day: string, later = 0): Date {
  const date = new Date(`${day}T00:00:00`);
  // By the calendar: a day may have 23 or 25 hours.
  date.setDate(date.getDate() + later);
  return date;
}

/** Whether anything is left out. */
export const isFiltered = ({ action, actor, project, span, since, until }: AuditSearch): boolean =>
  [action, actor, project, span, since, until].some((part) => part !== undefined);
