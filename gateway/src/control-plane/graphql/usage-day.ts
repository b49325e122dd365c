import { controlPlaneLimits } from '../limits.ts';
import { builder } from './builder.ts';

/** The usage of a key or a project on one day in UTC. */
export interface UsageDay {
  /** `2030-01-31` */
  readonly day: string;
  readonly requests: number;
  /** The requests that were refused or failed. */
  readonly errors: number;
}

export const UsageDayType = builder.objectRef<UsageDay>('UsageDay').implement({
  description: 'The usage of a key or a project on one day. It is updated every few seconds.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    day: t.exposeString('day', { description: 'The day in UTC: `2030-01-31`.' }),
    requests: t.exposeFloat('requests', { description: 'The number of requests. An integer.' }),
    errors: t.exposeFloat('errors', {
      description: 'The number of requests that were refused or failed. An integer.',
    }),
  }),
});

export const usageDescription = (what: string): string =>
  `${what} on each of the last days. The oldest day comes first, and today comes last. Days without requests are included. At most ${controlPlaneLimits.maxUsageDays} days.`;
