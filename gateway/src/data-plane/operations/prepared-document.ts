import { OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';

import {
  compileOperation,
  introspectionRule,
  preparePlanKey,
  operationErrors,
  type InputIssue,
  type ProjectApi,
  type Variables,
} from '../../engine/runtime.ts';
import {
  messageOf,
  prepareVariables,
  type CoercedVariables,
  type VariableProblem,
} from '../../graphql/check-variables.ts';
import {
  checkDocument,
  type CheckedDocument,
  type DocumentLimits,
} from '../../graphql/document-limits.ts';
import { readDocument } from '../../graphql/document-store.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { unitsOf } from '../../graphql/request-cost.ts';
import { selectOperation } from '../../graphql/select-operation.ts';
import { projectErrors } from '../errors.ts';
import { withValues } from './caller-access.ts';
import {
  hasIntrospection,
  makeExecutable,
  planSize,
  type ExecutablePlan,
  type PlannedOperation,
} from './executable-plan.ts';
import { introspectSchema, selectsOnlyIntrospection, type Introspected } from './introspection.ts';
import type { SharedCache } from './shared-cache.ts';

/** A valid document of one API. Its operations are prepared on first use. */
export interface PreparedDocument {
  /**
   * Returns the operation that the request selects.
   * @throws RequestError if the page sizes in the variables exceed the limits or no operation can be selected
   */
  operation(request: GraphqlRequest): PreparedOperation;
  /** Whether the operation that the request selects has a cached query plan. */
  isPlanned(request: GraphqlRequest): boolean;
  /** Removes the document's plans from the cache. */
  dispose(): void;
}

/** An operation in a document. Its query plans are cached by plan key. */
export interface PreparedOperation {
  readonly type: `${OperationTypeNode}`;
  /** Whether the operation is a query without data fields. It does not need the database. */
  readonly isIntrospection: boolean;
  /** Returns the number of units that a request with these variables counts against its caller's rate limit. */
  units(variables: Variables): number;
  /**
   * Returns the plan for the variables: from the cache if an earlier request had the same plan key, otherwise newly
   * compiled.
   * @param values the caller's values for the parameters of access rules. They are not part of the plan key
   * @throws OperationError `BAD_USER_INPUT` for variables of the wrong type and for invalid arguments
   */
  plan(variables: Variables, values: Variables): PlannedOperation;
  isPlanned(variables: Variables): boolean;
  /** Removes the operation's plans from the cache. */
  dispose(): void;
}

/** The environment that all documents of one API share. */
export interface DocumentEnvironment {
  readonly api: ProjectApi;
  readonly limits: DocumentLimits;
  readonly plans: SharedCache<ExecutablePlan>;
  readonly counter: PlanCounter;
}

export interface PlanCounter {
  hits: number;
  misses: number;
}

/** Maximum number of page-size combinations that are cached as valid. */
const maxPageSizes = 100;

/** Parses and validates a document. @throws the same errors as `readDocument` */
export function prepareDocument(
  environment: DocumentEnvironment,
  { query, variables }: GraphqlRequest,
): PreparedDocument {
  const { api, limits } = environment;
  const { schema } = api;
  const rules = [introspectionRule(api.access)];
  const hideSuggestions = !api.access.introspect;
  const read = readDocument({ schema, limits, rules, hideSuggestions }, query, variables);
  const { document } = read;
  const names = [...read.pageVariables];
  /** The work of the operations, by the values of the variables that determine it. */
  const workByPages = new Map([[pageKey(names, variables), read.work]]);
  const operations = new Map<string | null, PreparedOperation>();

  const checkPages = (given: Variables): CheckedDocument['work'] => {
    if (names.length === 0) return read.work;
    const key = pageKey(names, given);
    const known = workByPages.get(key);
    if (known !== undefined) return known;
    const { work } = checkDocument(document, schema, given, limits);
    if (workByPages.size >= maxPageSizes) workByPages.clear();
    workByPages.set(key, work);
    return work;
  };

  return {
    operation({ operationName, variables: given, mayChange }) {
      checkPages(given);
      const known = operations.get(operationName);
      if (known !== undefined && (mayChange || known.type === 'query')) return known;
      const operation = selectOperation(document, operationName, mayChange);
      if (schema.getRootType(operation.operation) == null) {
        throw operation.operation === OperationTypeNode.MUTATION
          ? projectErrors.noMutations(api.access)
          : projectErrors.noSubscriptions();
      }
      const prepared: PreparedOperation = {
        ...prepareOperation(environment, document, operation),
        units: (values) => unitsOf(checkPages(values).get(operation) ?? 0, values),
      };
      operations.set(operationName, prepared);
      return prepared;
    },
    isPlanned({ operationName, variables: given }) {
      const arePagesKnown = names.length === 0 || workByPages.has(pageKey(names, given));
      return arePagesKnown && operations.get(operationName)?.isPlanned(given) === true;
    },
    dispose() {
      for (const operation of operations.values()) operation.dispose();
    },
  };
}

/** `checkDocument` considers only numbers, so all other values share one key. */
function pageKey(names: readonly string[], variables: Variables): string {
  return names
    .map((name) => {
      const value = variables[name];
      return typeof value === 'number' ? value : '-';
    })
    .join();
}

const nothingIntrospected: Introspected = new Map();

/** Prepares everything that all requests for an operation have in common. */
function prepareOperation(
  { api, plans, counter }: DocumentEnvironment,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Omit<PreparedOperation, 'units'> {
  const { schema } = api;
  const source = { api, document, operationName: operation.name?.value ?? null };
  const coerce = prepareVariables(schema, operation);
  const planKeyOf = preparePlanKey(source);
  const ownPlans = plans.createScope();
  const hasVariables = (operation.variableDefinitions ?? []).length > 0;

  return {
    type: operation.operation,
    isIntrospection: selectsOnlyIntrospection(document, operation),
    plan(raw, values) {
      const variables = requireValid(coerce(raw));
      const bound = withValues(variables, values);
      const planKey = planKeyOf(variables);
      const known = planKey === null ? undefined : ownPlans.get(planKey);
      if (known !== undefined) {
        counter.hits += 1;
        return { plan: known, variables: bound, once: false };
      }
      counter.misses += 1;
      const compiled = compileOperation({ ...source, variables });
      const introspects = hasIntrospection(compiled);
      const plan = makeExecutable(
        compiled,
        introspects ? introspectSchema(schema, document, operation, raw) : nothingIntrospected,
      );
      // The plan key does not include the values of variables that introspection can depend on.
      const isReusable = planKey !== null && !(introspects && hasVariables);
      if (isReusable) ownPlans.set(planKey, plan, planSize(plan));
      return { plan, variables: bound, once: !isReusable };
    },
    isPlanned(raw) {
      const { values, problems } = coerce(raw);
      const planKey = problems.length > 0 ? null : planKeyOf(values);
      return planKey !== null && ownPlans.get(planKey) !== undefined;
    },
    dispose: () => ownPlans.clear(),
  };
}

/** Returns the coerced values. @throws OperationError if a value is invalid */
function requireValid({ values, problems }: CoercedVariables): Variables {
  const [first, ...more] = problems;
  if (first === undefined) return values;
  throw operationErrors.invalidInput([toIssue(first), ...more.map(toIssue)], {
    message: messageOf(first),
  });
}

const toIssue = ({ path, message }: VariableProblem): InputIssue => ({ path, message });
