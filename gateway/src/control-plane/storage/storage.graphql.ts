import { builder } from '../graphql/builder.ts';
import type { ProjectStorage, StorageService } from './storage.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly storage: StorageService;
  }
}

const ProjectStorageType = builder.objectRef<ProjectStorage>('ProjectStorage').implement({
  description: "The size of a project's tables, measured in the background.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    usedBytes: t.exposeFloat('usedBytes', {
      description: 'The size of all rows and indexes in bytes. 0 before the first measurement.',
    }),
    quotaBytes: t.exposeFloat('quotaBytes', {
      nullable: true,
      description: 'The maximum size in bytes. Null if there is no maximum.',
    }),
    isFull: t.exposeBoolean('isFull', {
      description:
        'Whether the project has reached its maximum size. Its API then rejects all writes except deletions.',
    }),
    measuredAt: t.expose('measuredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last measurement. Null before the first one.',
    }),
  }),
});

builder.prismaObjectField('Project', 'storage', (t) =>
  t.field({
    type: ProjectStorageType,
    description: "The size of the project's tables. Not available to API keys.",
    authScopes: ({ organizationId: id }) => ({ organization: { id, action: 'project:read' } }),
    resolve: ({ id }, _args, { services }) => services.storage.ofProject(id),
  }),
);
