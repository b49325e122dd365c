import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  PlanSchemaDocument,
  ProjectSchemaDocument,
  type ProjectSchemaQuery,
  type SchemaPlanWholeFragment,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

import type { SdlProblem } from './problems.ts';

export type SchemaPlan = SchemaPlanWholeFragment;
export type PlanStep = SchemaPlan['steps'][number];
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

export type Planning =
  | { readonly kind: 'PLAN'; readonly plan: SchemaPlan }
  | { readonly kind: 'INVALID'; readonly problems: readonly SdlProblem[] };

/**
 * The migration plan for the SDL in the editor. The mutation `planSchema` changes nothing, so the console treats it as
 * a query.
 * @param baseVersion the applied version, which is part of the query key; 0 if no schema is applied
 */
export const planQuery = (ref: string, baseVersion: number, sdl: string) =>
  queryOptions({
    queryKey: queryKeys.project.schemaPlan(ref, baseVersion, sdl),
    queryFn: async ({ signal }): Promise<Planning> => {
      const variables = { input: { projectRef: ref, sdl } };
      const { planSchema } = await request(PlanSchemaDocument, variables, { signal });
      if (planSchema?.__typename === 'InvalidSchemaError') {
        return { kind: 'INVALID', problems: planSchema.diagnostics };
      }
      return { kind: 'PLAN', plan: expectSuccess(planSchema, 'PlanSchemaSuccess').plan };
    },
    // Each query key contains the complete SDL, so plans are removed from the cache early. They are always refetched,
    // because rows can change.
    gcTime: 60_000,
    staleTime: 0,
  });
