import { controlPlaneLimits } from '../limits.ts';
import { builder } from './builder.ts';

/** A key's or project's usage on one day in UTC. */
export interface UsageDay {
  /** `2030-01-31` */
  readonly day: string;
  readonly requests: number;
  /** The requests that were refused or failed. */
  readonly errors: number;
}

export const UsageDayType = builder.objectRef<UsageDay>('UsageDay').implement({
  description: "A key's or project's usage on one day. Updated every few seconds.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    day: t.exposeString('day', { description: 'The day in UTC, for example `2030-01-31`.' }),
    requests: t.exposeFloat('requests', {
      description: 'The number of requests. Always a whole number.',
    }),
    errors: t.exposeFloat('errors', {
      description: 'The number of requests that were refused or failed. Always a whole number.',
    }),
  }),
});

export const usageDescription = (what: string): string =>
  `${what} on each of the last \`days\` days, including today, oldest first. Days without requests are included. \`days\` must be between 1 and ${controlPlaneLimits.maxUsageDays}.`;
