import * as z from 'zod/mini';

import type { AuditLogFilter } from '#console/gql/graphql.ts';
import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

const spans = ['today', '7d', '30d'] as const;

/** Smaller than `z.iso.date()`, which would be loaded with every page. */
const day = z
  .string()
  .check(z.refine((text) => /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(Date.parse(text))));

export const auditSearch = z.object({
  ...cursorPageSearch,
  action: searchParam(z.string()),
  actor: searchParam(z.string()),
  project: searchParam(z.string()),
  /** A period that ends now. `since` and `until` are ignored if it is set. */
  span: searchParam(z.enum(spans)),
  /** The first and last day, in the viewer's time zone. */
  since: searchParam(day),
  until: searchParam(day),
});

export type AuditSearch = z.output<typeof auditSearch>;

const dayMs = 86_400_000;

/** The `filter` argument for the API. */
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

/** Returns the start of the day that is `later` days after `day`, in the viewer's time zone. */
function localDay(day: string, later = 0): Date {
  const date = new Date(`${day}T00:00:00`);
  // Use calendar arithmetic, because a day can have 23 or 25 hours.
  date.setDate(date.getDate() + later);
  return date;
}

/** Whether any filter is set. */
export const isFiltered = ({ action, actor, project, span, since, until }: AuditSearch): boolean =>
  [action, actor, project, span, since, until].some((part) => part !== undefined);
