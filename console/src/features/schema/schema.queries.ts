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

/** What is applied; null before the first time. */
export const projectSchemaQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.schema(ref),
    queryFn: async ({ signal }): Promise<AppliedSchema | null> => {
      const { project } = await request(ProjectSchemaDocument, { ref }, { signal });
      const schema = project?.schema ?? null;
      return schema === null ? null : { ...schema, sdl: withPlainLineEnds(schema.sdl) };
    },
  });

/** As the editor has them, so that a text from elsewhere is not taken for a changed one. */
export const withPlainLineEnds = (text: string): string => text.replace(/\r\n?/g, '\n');

export type Planning =
  | { readonly kind: 'PLAN'; readonly plan: SchemaPlan }
  | { readonly kind: 'INVALID'; readonly problems: readonly SdlProblem[] };

/**
 * What applying a text would do. It changes nothing, so it is a query here.
 * @param baseVersion what it is planned against; 0 where nothing is applied
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
    // A key holds a whole text, and rows may come at any time.
    gcTime: 60_000,
    staleTime: 0,
  });
