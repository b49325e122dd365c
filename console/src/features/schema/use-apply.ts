import { useMutation, useQueryClient } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  ApplySchemaDocument,
  type ApplySchemaMutation,
  type Hazard,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';

import { planQuery, type Planning } from './plan.queries.ts';
import type { PlanStep, SchemaPlan } from './schema.queries.ts';

export interface Applying {
  readonly sdl: string;
  readonly plan: SchemaPlan;
  readonly acceptHazards: readonly Hazard[];
}

export type ApplyOutcome =
  | { readonly kind: 'APPLIED'; readonly version: number }
  /** Another version was applied in the meantime; `plan` is based on it. */
  | { readonly kind: 'STALE'; readonly plan: SchemaPlan; readonly plannedFor: number }
  | { readonly kind: 'REFUSED'; readonly message: string; readonly step: PlanStep | null };

/** Migrations of large tables are slow. The gateway has the same timeout. */
const timeoutMs = 30 * 60_000;

export function useApply(ref: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ sdl, plan, acceptHazards }: Applying): Promise<ApplyOutcome> => {
      const input = {
        projectRef: ref,
        sdl,
        planHash: plan.hash,
        acceptHazards: [...acceptHazards],
      };
      const { applySchema } = await request(ApplySchemaDocument, { input }, { timeoutMs });
      return outcomeOf(applySchema, plan.baseVersion);
    },
    onSuccess: async (outcome, { sdl }) => {
      if (outcome.kind === 'STALE') {
        const { plan } = outcome;
        const { queryKey } = planQuery(ref, plan.baseVersion, sdl);
        const planning: Planning = { kind: 'PLAN', plan };
        client.setQueryData(queryKey, planning);
      }
      // The project's rows, explorer and versions all depend on its schema.
      if (outcome.kind !== 'REFUSED')
        await client.invalidateQueries({ queryKey: queryKeys.project.one(ref) });
    },
  });
}

/**
 * Converts the mutation's result to an outcome.
 *
 * @throws ApiError for every error that is not an `ApplyOutcome`
 */
function outcomeOf(result: ApplySchemaMutation['applySchema'], plannedFor: number): ApplyOutcome {
  if (result?.__typename === 'StalePlanError' || result?.__typename === 'HazardNotAcceptedError') {
    return { kind: 'STALE', plan: result.plan, plannedFor };
  }
  if (result?.__typename === 'SchemaNotAppliedError') {
    return { kind: 'REFUSED', message: result.message, step: result.step };
  }
  const { schemaVersion } = expectSuccess(result, 'ApplySchemaSuccess');
  return { kind: 'APPLIED', version: schemaVersion.number };
}
