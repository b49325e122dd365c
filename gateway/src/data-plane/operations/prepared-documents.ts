import { OperationTypeNode } from 'graphql';

import { checkDocument, type DocumentLimits } from '../../graphql/document-limits.ts';
import { readDocument } from '../../graphql/document-store.ts';
import { selectOperation } from '../../graphql/select-operation.ts';
import { projectErrors } from '../errors.ts';
import { introspectionRule } from '../../engine/runtime.ts';
import type { ProjectApi } from '../../engine/runtime.ts';
import type { Variables } from '../../engine/runtime.ts';
import type { ExecutablePlan } from './executable-plan.ts';
import {
  prepareOperation,
  type PlanCounter,
  type PreparedOperation,
} from './prepared-operation.ts';
import type { SharedCache } from './shared-cache.ts';

/** One request's words. */
export interface DocumentRequest {
  readonly query: string;
  /** Null where the request names none. */
  readonly operationName: string | null;
  readonly variables: Variables;
  /** False for GET, which may only look. */
  readonly mayChange: boolean;
}

/** A valid document of one API, and what it took to find that out. */
export interface PreparedDocument {
  /** @throws RequestError where the page sizes in the variables make it too much, or no operation is meant */
  operation(request: DocumentRequest): PreparedOperation;
  /** Lets go of its plans. */
  forget(): void;
}

export interface DocumentSource {
  readonly api: ProjectApi;
  readonly limits: DocumentLimits;
  readonly plans: SharedCache<ExecutablePlan>;
  readonly counter: PlanCounter;
}

/** So many combinations of page sizes are remembered as good. */
const maxPageSizes = 100;

/** @throws as `readDocument` */
export function prepareDocument(
  source: DocumentSource,
  { query, variables }: DocumentRequest,
): PreparedDocument {
  const { api, limits } = source;
  const { schema } = api;
  const rules = [introspectionRule(api.access)];
  const { document, pageVariables } = readDocument({ schema, limits, rules }, query, variables);
  const names = [...pageVariables];
  const goodPages = new Set([pageKey(names, variables)]);
  const operations = new Map<string | null, PreparedOperation>();

  const checkPages = (given: Variables): void => {
    if (names.length === 0) return;
    const key = pageKey(names, given);
    if (goodPages.has(key)) return;
    checkDocument(document, schema, given, limits);
    if (goodPages.size >= maxPageSizes) goodPages.clear();
    goodPages.add(key);
  };

  return {
    operation({ operationName, variables: given, mayChange }) {
      checkPages(given);
      const known = operations.get(operationName);
      if (known !== undefined && (mayChange || known.type === 'query')) return known;
      const operation = selectOperation(document, operationName, mayChange);
      if (schema.getRootType(operation.operation) == null) {
        throw operation.operation === OperationTypeNode.MUTATION
          ? projectErrors.noMutations()
          : projectErrors.noSubscriptions();
      }
      const scope = source.plans.createScope();
      const prepared = prepareOperation({ api, document, operation }, scope, source.counter);
      operations.set(operationName, prepared);
      return prepared;
    },
    forget() {
      for (const operation of operations.values()) operation.forget();
    },
  };
}

/** `checkDocument` looks at numbers alone. */
function pageKey(names: readonly string[], variables: Variables): string {
  return names
    .map((name) => {
      const value = variables[name];
      return typeof value === 'number' ? value : '-';
    })
    .join();
}
