import type { DocumentNode, OperationDefinitionNode, OperationTypeNode } from 'graphql';
import {
  messageOf,
  prepareVariables,
  type CoercedVariables,
  type VariableProblem,
} from '../../graphql/check-variables.ts';
import type { ProjectApi } from '../../engine/runtime.ts';
import { compileOperation } from '../../engine/runtime.ts';
import { preparePlanKey } from '../../engine/runtime.ts';
import type { Variables } from '../../engine/runtime.ts';
import { operationErrors, type InputIssue } from '../../engine/runtime.ts';
import {
  hasIntrospection,
  makeExecutable,
  planSize,
  type ExecutablePlan,
} from './executable-plan.ts';
import { introspectSchema, type Introspected } from './introspection.ts';
import type { CacheScope } from './shared-cache.ts';

/** An operation with the variables of one request. */
export interface PlannedOperation {
  readonly plan: ExecutablePlan;
  readonly variables: Variables;
  /** Was the plan made for this request only? Then its statement will hardly come again. */
  readonly once: boolean;
}

export interface PreparedOperation {
  readonly type: `${OperationTypeNode}`;
  /**
   * @throws OperationError `BAD_USER_INPUT` for variables that do not fit, and for arguments that the API does not allow
   */
  plan(variables: Variables): PlannedOperation;
  /** Lets go of its plans. */
  forget(): void;
}

export interface OperationSource {
  readonly api: ProjectApi;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export interface PlanCounter {
  hits: number;
  misses: number;
}

const nothing: Introspected = new Map();

/** Prepares once what all requests for an operation share. Its query plans are cached by plan key: see `preparePlanKey`. */
export function prepareOperation(
  { api, document, operation }: OperationSource,
  plans: CacheScope<ExecutablePlan>,
  counter: PlanCounter,
): PreparedOperation {
  const { schema } = api;
  const request = { api, document, operationName: operation.name?.value ?? null };
  const coerce = prepareVariables(schema, operation);
  const planKeyOf = preparePlanKey(request);

  const hasVariables = (operation.variableDefinitions ?? []).length > 0;

  return {
    type: operation.operation,
    plan(raw) {
      const variables = fitting(coerce(raw));
      const planKey = planKeyOf(variables);
      const known = planKey === null ? undefined : plans.get(planKey);
      if (known !== undefined) {
        counter.hits += 1;
        return { plan: known, variables, once: false };
      }
      counter.misses += 1;
      const compiled = compileOperation({ ...request, variables });
      const introspects = hasIntrospection(compiled);
      const plan = makeExecutable(
        compiled,
        introspects ? introspectSchema(schema, document, operation, raw) : nothing,
      );
      // The plan key does not contain the variables of introspection.
      const isShared = planKey !== null && !(introspects && hasVariables);
      if (isShared) plans.set(planKey, plan, planSize(plan));
      return { plan, variables, once: !isShared };
    },
    forget: () => plans.clear(),
  };
}

/** @throws OperationError */
function fitting({ values, problems }: CoercedVariables): Variables {
  const [first, ...more] = problems;
  if (first === undefined) return values;
  throw operationErrors.invalidInput([toIssue(first), ...more.map(toIssue)], {
    message: messageOf(first),
  });
}

const toIssue = ({ path, message }: VariableProblem): InputIssue => ({ path, message });
