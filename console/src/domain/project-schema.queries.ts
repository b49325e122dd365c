import { queryOptions } from '@tanstack/react-query';

import { ProjectSchemaDocument, type ProjectSchemaQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

import { queryKeys } from './query-keys.ts';

export type AppliedSchema = NonNullable<NonNullable<ProjectSchemaQuery['project']>['schema']>;

/** The applied schema; null if no schema has been applied. */
export const projectSchemaQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.schema(ref),
    queryFn: async ({ signal }): Promise<AppliedSchema | null> => {
      const { project } = await request(ProjectSchemaDocument, { ref }, { signal });
      const schema = project?.schema ?? null;
      return schema === null ? null : { ...schema, sdl: withPlainLineEnds(schema.sdl) };
    },
  });

/**
 * Converts line endings to `\n`, as the editor does. Otherwise the applied schema would differ from the editor's text.
 */
export const withPlainLineEnds = (text: string): string => text.replace(/\r\n?/g, '\n');
