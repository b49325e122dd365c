import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import { builder } from '../graphql/builder.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import type { ChangesService } from './changes.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly changes: ChangesService;
  }
}

const EraseChangesSuccess = builder
  .objectRef<{ readonly count: number }>('EraseChangesSuccess')
  .implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      count: t.exposeInt('count', {
        description: 'The number of changes that the log has about the row.',
      }),
    }),
  });

builder.mutationField('eraseChanges', (t) =>
  t.field({
    type: EraseChangesSuccess,
    nullable: true,
    description:
      "Erases the old and new values of a row from the project's change log. That the row was changed, its key and the names of changed fields stay, so that change streams remain correct. The row itself is not changed.",
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('EraseChangesInput', {
          fields: (f) => ({
            projectRef: f.id(),
            model: f.string({ description: 'The name of a model in the current schema.' }),
            key: f.field({
              type: 'JSON',
              description:
                'The values of all key fields, by their names in the API: `{ "id": "…" }`, or `{ "boardId": "…", "number": 1 }`.',
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      return { count: await context.services.changes.erase(context, args.input, limiter) };
    },
  }),
);
