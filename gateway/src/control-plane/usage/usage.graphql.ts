import { builder } from '../graphql/builder.ts';
import { usageDescription, UsageDayType } from '../graphql/usage-day.ts';
import type { UsageService } from './usage.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly usage: UsageService;
  }
}

builder.prismaObjectField('Project', 'usage', (t) =>
  t.field({
    type: [UsageDayType],
    description: `${usageDescription("The number of requests to the project's own API")} Not available to API keys.`,
    authScopes: ({ organizationId: id }) => ({ organization: { id, action: 'project:read' } }),
    args: { days: t.arg.int({ defaultValue: 30 }) },
    resolve: ({ id }, { days }, { services }) => services.usage.ofProject(id, days),
  }),
);
