import type { DashboardProjectFragment } from '#console/gql/graphql.ts';

/** The most recent activity in a project. A request has only a day, because requests are counted per day. */
export type Activity =
  | { readonly kind: 'REQUEST'; readonly day: string }
  | { readonly kind: 'SCHEMA'; readonly version: number; readonly at: string }
  | { readonly kind: 'CREATED'; readonly at: string };

export function lastActivity({ usage, schema, createdAt }: Dates): Activity {
  const change: Activity =
    schema === null
      ? { kind: 'CREATED', at: createdAt }
      : { kind: 'SCHEMA', version: schema.version, at: schema.appliedAt };
  const day = usage.findLast(({ requests }) => requests > 0)?.day;
  // Both values are UTC dates in ISO format, so they can be compared as strings.
  return day !== undefined && day >= change.at.slice(0, 10) ? { kind: 'REQUEST', day } : change;
}

type Dates = Pick<DashboardProjectFragment, 'usage' | 'schema' | 'createdAt'>;

const dayMs = 86_400_000;
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/**
 * Formats a UTC day relative to the current day.
 *
 * @example dayInWords('2030-01-07', new Date('2030-01-08T12:00Z')) // 'yesterday'
 */
export function dayInWords(day: string, now: Date): string {
  const today = Math.floor(now.getTime() / dayMs);
  return words.format(Date.parse(`${day}T00:00:00Z`) / dayMs - today, 'day');
}
