import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { PlanSchemaDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

import type { SdlProblem } from './problems.ts';
import type { SchemaPlan } from './schema.queries.ts';

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
