import { controlPlaneLimits } from '../limits.ts';
import { builder } from './builder.ts';

/** How often something was used on one day, in UTC. */
export interface UsageDay {
  /** `2030-01-31` */
  readonly day: string;
  readonly requests: number;
  /** Those of them that were refused or failed. */
  readonly errors: number;
}

export const UsageDayType = builder.objectRef<UsageDay>('UsageDay').implement({
  description: 'How often something was used on one day. It is some seconds behind.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    day: t.exposeString('day', { description: 'Of UTC: `2030-01-31`.' }),
    requests: t.exposeFloat('requests', { description: 'A whole number.' }),
    errors: t.exposeFloat('errors', {
      description: 'How many of the requests were refused or failed. A whole number.',
    }),
  }),
});

export const usageDescription = (what: string): string =>
  `${what} on each of the last days, oldest first and today last; days without any are there too. 1 to ${controlPlaneLimits.maxUsageDays} days.`;
