import { createUuidV7, type ApiAccess } from '../../engine/runtime.ts';
import { DocumentError } from '../../graphql/document-error.ts';
import type { GraphqlOutcome, GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { ConnectionLostError } from '../connections/exchange.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { projectErrors } from '../errors.ts';
import type { ProjectSnapshot, ProjectSnapshots } from '../projects/project-snapshots.ts';
import { createApiCache, type PlanStats } from './api-cache.ts';
import { runPlan } from './executable-plan.ts';
import type { PreparedOperation } from './prepared-document.ts';
import { retryDecision } from './retry.ts';

/** Runs the operations of all projects' APIs. */
export interface Operations {
  /**
   * Runs an operation. An error that occurs after the operation was selected is returned unchanged in the outcome's
   * `errors`, with `data` null.
   * @throws RequestError, DocumentError, OperationError or GraphQLError if no operation can be selected
   * @throws the errors of `charge`
   * @throws RequestError `NOT_FOUND` if the project was deleted during the request
   * @throws the signal's reason if the client disconnected
   */
  execute(call: OperationCall): Promise<GraphqlOutcome>;
  /**
   * Returns the API's SDL as a caller with this access sees it. @throws RequestError `FORBIDDEN` if the access does not
   * include introspection
   */
  printApi(project: ProjectSnapshot, access: ApiAccess): string;
  stats(): PlanStats;
}

export interface OperationCall {
  readonly project: ProjectSnapshot;
  readonly access: ApiAccess;
  readonly request: GraphqlRequest;
  /** Counts the operation against the caller's rate limit. Called once, before the operation runs. */
  readonly charge: Charge;
  /** The signal is aborted if the client disconnects. */
  readonly signal: Cancellation;
}

export interface OperationsDependencies {
  readonly connections: ProjectConnections;
  readonly snapshots: Pick<ProjectSnapshots, 'refresh'>;
  /** Returns the Unix time in milliseconds, for ids. */
  readonly now: () => number;
}

export function createOperations(dependencies: OperationsDependencies): Operations {
  const { connections, snapshots } = dependencies;
  const apis = createApiCache();
  const newId = createUuidV7(dependencies.now);

  return {
    async execute({ project, access, request, charge, signal }) {
      signal.throwIfAborted();
      let isCharged = false;
      let snapshot = project;
      for (let attempt = 1; ; attempt += 1) {
        let operation: PreparedOperation | null = null;
        try {
          const cached = apis.of(snapshot.model, access);
          const selected = cached.operation(request);
          if (!isCharged) {
            const charged = charge(selected.units(request.variables));
            if (charged instanceof Promise) await charged;
            isCharged = true;
          }
          operation = selected;
          const data = await runPlan(operation.plan(request.variables), {
            connections,
            names: snapshot.names,
            api: cached.api,
            signal,
            newId,
          });
          return { operationType: operation.type, data, errors: noErrors };
        } catch (error) {
          signal.throwIfAborted();
          const decision = retryDecision(error, {
            attempt,
            operationType: operation?.type ?? null,
          });
          if (decision === 'FAIL') return failure(error, snapshot, operation);
          if (decision === 'RETRY') continue;
          const fresh = await snapshots.refresh(snapshot.ref);
          if (fresh === null) throw projectErrors.notFound();
          if (fresh.version === snapshot.version) return failure(error, snapshot, operation);
          snapshot = fresh;
        }
      }
    },
    printApi({ model }, access) {
      if (!access.introspect) throw projectErrors.schemaNotReadable();
      return apis.of(model, access).print();
    },
    stats: () => apis.stats(),
  };
}

const noErrors: readonly never[] = [];

/**
 * Returns the outcome of an operation that failed.
 * @throws the given error or `noSchemaYet`, if the error occurred before the operation was selected
 */
function failure(
  error: unknown,
  { model }: ProjectSnapshot,
  operation: PreparedOperation | null,
): GraphqlOutcome {
  if (operation === null) {
    const hasSchema = model.types.length > 0;
    throw hasSchema || !(error instanceof DocumentError) ? error : projectErrors.noSchemaYet();
  }
  const shown = error instanceof ConnectionLostError ? requestErrors.connectionLost() : error;
  return { operationType: operation.type, data: null, errors: [shown] };
}
