import type { Cancellation } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { projectErrors } from '../errors.ts';
import { DocumentError } from '../../graphql/document-error.ts';
import type { ApiAccess } from '../../engine/runtime.ts';
import { projectNames } from '../../engine/migrations.ts';
import type { Model } from '../../engine/schema.ts';
import { ConnectionLostError } from '../connections/exchange.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import type { DocumentRequest } from './prepared-documents.ts';
import type { PreparedOperation } from './prepared-operation.ts';
import { createProjectPlans, type PlanStats } from './project-plans.ts';
import { runOperation } from './run-operation.ts';
import { isTransient, mayBeStale } from './stale-schema.ts';
import { createUuidV7 } from '../../engine/runtime.ts';

/** The APIs of all projects. */
export interface ProjectEngine {
  /**
   * What went wrong once it was clear what to run is in `errors`, as it was thrown, and there is no data then.
   *
   * @throws RequestError, DocumentError, OperationError or GraphQLError for a request that cannot be run at all
   * @throws RequestError `NOT_FOUND` for a ref that is no project
   * @throws the signal's reason when the client went away
   */
  execute(request: ProjectRequest): Promise<ProjectOutcome>;
  /**
   * The SDL of a project's API.
   * @throws RequestError `FORBIDDEN` for who may not introspect, `NOT_FOUND`
   */
  printApi(ref: string, access: ApiAccess): Promise<string>;
  stats(): PlanStats;
}

export interface ProjectRequest extends DocumentRequest {
  readonly ref: string;
  readonly access: ApiAccess;
  /** Aborted when the client goes away. */
  readonly signal: Cancellation;
}

export interface ProjectOutcome {
  readonly operationType: PreparedOperation['type'];
  /** JSON; null where there are errors. */
  readonly data: string | null;
  readonly errors: readonly unknown[];
}

/** The schema that a project has. */
export interface ProjectSnapshot {
  /** Another one after each change of the schema. */
  readonly version: number;
  /** Without types before a schema was applied. */
  readonly model: Model;
}

export interface ProjectSnapshots {
  /** Null for a ref that is no project. */
  get(ref: string): ProjectSnapshot | null | Promise<ProjectSnapshot | null>;
  /** The same, as it is at this moment. */
  refresh(ref: string): Promise<ProjectSnapshot | null>;
}

export interface ProjectEngineOptions {
  readonly connections: ProjectConnections;
  readonly snapshots: ProjectSnapshots;
  /** Unix time in milliseconds, for ids. */
  readonly now: () => number;
}

/** So often is a request begun whose project is changed meanwhile. */
const maxAttempts = 3;

export function createProjectEngine(options: ProjectEngineOptions): ProjectEngine {
  const { connections, snapshots } = options;
  const plans = createProjectPlans();
  const newId = createUuidV7(options.now);

  /** What to try again on; null where trying again would not help. */
  const afterFailure = async (
    error: unknown,
    snapshot: ProjectSnapshot,
    { ref }: ProjectRequest,
    {
      operation,
      attempt,
    }: { readonly operation: PreparedOperation | null; readonly attempt: number },
  ): Promise<ProjectSnapshot | null> => {
    if (attempt >= maxAttempts) return null;
    if (isTransient(error)) return snapshot;
    if (error instanceof ConnectionLostError) return operation?.type === 'query' ? snapshot : null;
    if (!mayBeStale(error) || (error instanceof DocumentError && attempt > 1)) return null;
    const fresh = await snapshots.refresh(ref);
    return fresh?.version === snapshot.version ? null : required(fresh);
  };

  const execute = async (request: ProjectRequest): Promise<ProjectOutcome> => {
    const { ref, access, signal, variables } = request;
    signal.throwIfAborted();
    const known = snapshots.get(ref);
    let snapshot = required(known instanceof Promise ? await known : known);
    for (let attempt = 1; ; attempt += 1) {
      let operation: PreparedOperation | null = null;
      try {
        const { model } = snapshot;
        const own = plans.of(model, access);
        operation = own.operation(request);
        const environment = {
          connections,
          names: projectNames(ref),
          api: own.api,
          signal,
          newId,
        };
        const data = await runOperation(operation.plan(variables), environment);
        return { operationType: operation.type, data, errors: [] };
      } catch (error) {
        signal.throwIfAborted();
        const again = await afterFailure(error, snapshot, request, { operation, attempt });
        if (again === null) return failure(error, snapshot, operation);
        snapshot = again;
      }
    }
  };

  return {
    execute,
    async printApi(ref, access) {
      if (!access.introspect) throw projectErrors.schemaNotReadable();
      const { model } = required(await snapshots.get(ref));
      return plans.of(model, access).print();
    },
    stats: () => plans.stats(),
  };
}

function required(snapshot: ProjectSnapshot | null): ProjectSnapshot {
  if (snapshot === null) throw projectErrors.notFound();
  return snapshot;
}

/** @throws what went wrong before it was clear what to run */
function failure(
  error: unknown,
  { model }: ProjectSnapshot,
  operation: PreparedOperation | null,
): ProjectOutcome {
  if (operation === null) throw isWithoutSchema(error, model) ? projectErrors.noSchemaYet() : error;
  const told = error instanceof ConnectionLostError ? requestErrors.connectionLost() : error;
  return { operationType: operation.type, data: null, errors: [told] };
}

function isWithoutSchema(error: unknown, { types }: Model): boolean {
  return types.length === 0 && error instanceof DocumentError;
}
