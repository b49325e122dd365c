import { builder } from '../graphql/builder.ts';
import type { LiveService, ProjectLive } from './live.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly live: LiveService;
  }
}

const ProjectLiveType = builder.objectRef<ProjectLive>('ProjectLive').implement({
  description: "A project's live queries and change streams, and its change log.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    subscribers: t.exposeInt('subscribers', {
      description:
        'The number of open subscriptions. With several gateway processes, those of the process that answers.',
    }),
    queries: t.exposeInt('queries', { description: 'How many of them are live queries.' }),
    streams: t.exposeInt('streams', { description: 'How many of them are change streams.' }),
    models: t.exposeInt('models', {
      description: 'The number of models with `@live`, whose changes are logged.',
    }),
    lagMs: t.exposeFloat('lagMs', {
      description:
        'How long the oldest changes have been waiting to be read for these subscriptions, in milliseconds. 0 if all were read.',
    }),
    logBytes: t.exposeFloat('logBytes', {
      description: 'The size of the change log in bytes, as far as it was read.',
    }),
    logMaxBytes: t.exposeFloat('logMaxBytes', {
      description: 'The maximum size in bytes. Above it, the oldest changes are deleted.',
    }),
    retentionDays: t.exposeInt('retentionDays', {
      description: 'The number of days after which changes are deleted.',
    }),
    oldestChangeAt: t.expose('oldestChangeAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time of the oldest change in the log. Streams can start after it. Null if the log is empty.',
    }),
  }),
});

builder.prismaObjectField('Project', 'live', (t) =>
  t.field({
    type: ProjectLiveType,
    description: "The project's live subscriptions and change log. Not available to API keys.",
    authScopes: ({ organizationId: id }) => ({ organization: { id, action: 'project:read' } }),
    resolve: ({ ref }, _args, { services }) => services.live.ofProject(ref),
  }),
);
