import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import {
  compileSubscription,
  preparePlanKey,
  type PgValue,
  type ProjectApi,
  type SubscriptionPlan,
  type Variables,
} from '../../engine/runtime.ts';
import { prepareVariables } from '../../graphql/check-variables.ts';
import { bytesOf, type Bytes } from '../../platform/bytes.ts';
import { withValues } from './caller-access.ts';
import type { SharedCache } from './shared-cache.ts';
import { requireValid } from './valid-variables.ts';

/** A subscription in a document. Its plans are cached by plan key. */
export interface SubscriptionOperation {
  /**
   * Returns the plan with the values of a subscriber.
   * @param values the caller's values for the parameters of access rules
   * @throws OperationError `NOT_LIVE`, or `BAD_USER_INPUT` for variables of the wrong type and invalid arguments
   */
  prepare(variables: Variables, values: Variables): PreparedSubscription;
  isPlanned(variables: Variables): boolean;
  /** Removes the plans of the operation from the cache. */
  dispose(): void;
}

/** A subscription of one subscriber. */
export interface PreparedSubscription {
  /** Subscribers with the same object and equal `values` have the same results, if they are in the same project. */
  readonly plan: SubscriptionPlan;
  /** The values of the parameters of the plan. */
  readonly values: readonly PgValue[];
  /** The variables with the values of the caller. */
  readonly variables: Variables;
  /** The JSON for `data` before and after the result of a live query. */
  readonly around: readonly [Bytes, Bytes];
}

export interface SubscriptionSource {
  readonly api: ProjectApi;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plans: SharedCache<SubscriptionPlan>;
}

/** Prepares everything that all subscribers of an operation have in common. */
export function prepareSubscription({
  api,
  document,
  operation,
  plans,
}: SubscriptionSource): SubscriptionOperation {
  const source = { api, document, operationName: operation.name?.value ?? null };
  const coerce = prepareVariables(api.schema, operation);
  const planKeyOf = preparePlanKey(source);
  const ownPlans = plans.createScope();
  const planOf = (variables: Variables): SubscriptionPlan => {
    const planKey = planKeyOf(variables);
    const known = planKey === null ? undefined : ownPlans.get(planKey);
    if (known !== undefined) return known;
    const plan = compileSubscription({ ...source, variables });
    if (planKey !== null) ownPlans.set(planKey, plan, sizeOf(plan));
    return plan;
  };
  return {
    prepare(raw, values) {
      const coerced = requireValid(coerce(raw));
      const plan = planOf(coerced);
      const variables = withValues(coerced, values);
      const bound = parametersOf(plan).map((parameter) => parameter(variables));
      return { plan, values: bound, variables, around: around(plan) };
    },
    isPlanned(raw) {
      const { values, problems } = coerce(raw);
      const planKey = problems.length > 0 ? null : planKeyOf(values);
      return planKey !== null && ownPlans.get(planKey) !== undefined;
    },
    dispose: () => ownPlans.clear(),
  };
}

function parametersOf(plan: SubscriptionPlan) {
  return plan.kind === 'LIVE_QUERY' ? plan.statement.parameters : plan.parameters;
}

function around(plan: SubscriptionPlan): readonly [Bytes, Bytes] {
  const responseKey =
    plan.kind === 'LIVE_QUERY' ? (plan.answers[0]?.responseKey ?? '') : plan.responseKey;
  return [bytesOf(`{${JSON.stringify(responseKey)}:`), bytesOf('}')];
}

/** The approximate number of characters that a plan keeps in memory. */
function sizeOf(plan: SubscriptionPlan): number {
  const fixed = 1_000;
  const texts =
    plan.kind === 'LIVE_QUERY'
      ? [plan.statement.template.chunks, plan.cohort.chunks]
      : [plan.evaluate.chunks];
  // The text of a statement is cached once per project, in addition to the template.
  return fixed + 2 * texts.flat().reduce((sum, { length }) => sum + length, 0);
}
