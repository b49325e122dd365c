import { accessKey, createNewValues } from '../../engine/runtime.ts';
import { DocumentError } from '../../graphql/document-error.ts';
import type { GraphqlOutcome, GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import type { ByteList } from '../../platform/bytes.ts';
import type { AnswerMemory } from '../../platform/answer-budget.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { ConnectionLostError, UnansweredError } from '../connections/exchange.ts';
import { parsed, type Compute, type RawRequest } from '../compute/tasks.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { projectErrors } from '../errors.ts';
import type { ProjectSchema } from '../projects/project-schema.ts';
import type { ProjectRoles } from '../projects/project-roles.ts';
import type { ProjectSnapshot, ProjectSnapshots } from '../projects/project-snapshots.ts';
import { createApiCache, type PlanStats } from './api-cache.ts';
import { appAccess, applyRules, type AppliedAccess, type CallerAccess } from './caller-access.ts';
import { runPlan } from './executable-plan.ts';
import { createLargeApis, type LargeApis } from './large-apis.ts';
import { createMainThreadBudget } from './main-thread-budget.ts';
import {
  createRemoteOperations,
  type Progress,
  type RemoteOperations,
} from './remote-operations.ts';
import { retryDecision } from './retry.ts';

/**
 * Whose API a printed SDL describes. `APP`: everything that some caller with access rules can use.
 * @default `CALLER`
 */
export type DescribedCaller = 'CALLER' | 'APP';

/** Runs the operations of all projects' APIs. */
export interface Operations {
  /**
   * Runs an operation. An error that occurs after the operation was selected is returned in the outcome's `errors`,
   * with `data` null.
   * @throws RequestError, DocumentError, OperationError or GraphQLError if no operation can be selected
   * @throws the errors of `charge`
   * @throws RequestError `NOT_FOUND` if the project was deleted during the request
   * @throws ProjectRoleError if the project's role was lost and could not be restored
   * @throws the signal's reason if the client disconnected
   */
  execute(call: OperationCall): Promise<GraphqlOutcome>;
  /**
   * Returns the API's SDL as the caller sees it, or as all callers with access rules together see it.
   * @throws RequestError `FORBIDDEN` if the caller's access does not include introspection
   */
  printApi(project: ProjectSnapshot, caller: CallerAccess, as?: DescribedCaller): Promise<string>;
  stats(): PlanStats;
}

export interface OperationCall extends CallerAccess {
  readonly project: ProjectSnapshot;
  readonly request: GraphqlRequest | RawRequest;
  /** Counts the operation against the caller's rate limit. Called once, before the operation runs. */
  readonly charge: Charge;
  /** The signal is aborted if the client disconnects. */
  readonly signal: Cancellation;
  /** The memory for the answer. It stays reserved until the caller closes it. */
  readonly memory: AnswerMemory;
}

export interface OperationsDependencies {
  readonly connections: ProjectConnections;
  readonly snapshots: Pick<ProjectSnapshots, 'refresh'>;
  readonly roles: Pick<ProjectRoles, 'restore'>;
  /** Reports whether a project has reached its maximum size. @default never */
  readonly isFull?: (ref: string) => boolean;
  /** Returns the Unix time in milliseconds, for ids. */
  readonly now: () => number;
  /** Null runs everything on the main thread. */
  readonly compute: Compute | null;
  /** Decides when the main thread builds the APIs of large schemas. @default `createLargeApis` */
  readonly largeApis?: LargeApis;
}

export function createOperations(dependencies: OperationsDependencies): Operations {
  const { connections, snapshots, roles, compute, isFull = () => false } = dependencies;
  const { largeApis = createLargeApis(() => performance.now()) } = dependencies;
  const apis = createApiCache();
  const newValues = createNewValues(dependencies.now);
  const budget = createMainThreadBudget(() => performance.now());
  const remote = compute === null ? null : createRemoteOperations(compute, connections);

  /** Runs a part of a request and counts its time if it takes long. */
  const measured = <T>(project: ProjectSnapshot, work: () => T): T => {
    const startedAt = performance.now();
    try {
      return work();
    } finally {
      const ms = performance.now() - startedAt;
      if (ms > freeMs) budget.spend(project.ref, ms);
    }
  };

  const runHere = (
    { project, access, subject, charge, signal, memory }: OperationCall,
    request: GraphqlRequest,
    progress: Progress,
  ): Promise<ByteList> => {
    const { variables } = request;
    const { api, operation, units, values } = measured(project, () => {
      const applied = applyRules(project.schema.model, { access, subject });
      const cached = apis.of(project.schema, applied.access);
      const selected = cached.operation(request);
      const charged = selected.units(variables);
      return { api: cached.api, operation: selected, units: charged, values: applied.values };
    });
    const run = () => {
      progress.type = operation.type;
      return measured(project, () => {
        const planned = operation.plan(variables, values);
        const { names } = project;
        const onRun = () => (progress.hasRun = true);
        return runPlan(planned, {
          connections,
          names,
          api,
          signal,
          memory,
          newValues,
          isFull: isFull(project.ref),
          onRun,
        });
      });
    };
    const charged = charge(units);
    return charged instanceof Promise ? charged.then(run) : run();
  };

  /** Reports whether the main thread has or can build the API. The build does not count as work for the request. */
  const hasApi = (schema: ProjectSchema, caller: CallerAccess): boolean => {
    if (!isLarge(schema)) return true;
    const applied = knownAccess(schema, caller);
    if (applied !== null && apis.peek(schema, applied.access) !== null) return true;
    const key = applied === null ? 'rules' : accessKey(applied.access);
    if (!largeApis.mayBuild(`${schema.hash} ${key}`, schema.sdl.length)) return false;
    apis.of(schema, applyRules(schema.model, caller).access);
    return true;
  };

  /** Returns the remote operations if the call is too much work for the main thread. */
  const remoteFor = (call: OperationCall): RemoteOperations | null => {
    if (remote === null) return null;
    const { request } = call;
    const { schema, ref } = call.project;
    if ('body' in request) return remote;
    if (!isLong(request.query) && budget.isOpen(ref)) return hasApi(schema, call) ? null : remote;
    const applied = knownAccess(schema, call);
    const api = applied === null ? null : apis.peek(schema, applied.access);
    return api?.isPlanned(request) === true ? null : remote;
  };

  const attempt = (call: OperationCall, progress: Progress): Promise<ByteList> => {
    const far = remoteFor(call);
    if (far !== null) {
      return far.run({ ...call, isFull: isFull(call.project.ref) }, progress);
    }
    return runHere(call, parsed(call.request), progress);
  };

  return {
    async execute(call) {
      const { signal } = call;
      signal.throwIfAborted();
      let { project } = call;
      const charge = once(call.charge);
      for (let attempts = 1; ; attempts += 1) {
        const progress: Progress = { type: null, hasRun: false };
        try {
          const data = await attempt({ ...call, charge, project }, progress);
          return { operationType: progress.type ?? 'query', data, errors: noErrors };
        } catch (error) {
          signal.throwIfAborted();
          const decision = retryDecision(error, attempts);
          if (decision === 'FAIL') return failure(error, project, progress);
          if (decision === 'RETRY') continue;
          if (decision === 'RESTORE_ROLE') {
            await roles.restore(project.names);
            connections.forgetRole(project.names);
            continue;
          }
          const fresh = await snapshots.refresh(project.ref);
          if (fresh === null) throw projectErrors.notFound();
          if (fresh.version === project.version) return failure(error, project, progress);
          project = fresh;
        }
      }
    },
    async printApi(project, caller, as) {
      const { ref, schema } = project;
      if (!caller.access.introspect) throw projectErrors.schemaNotReadable();
      const described = as === 'APP' ? { access: appAccess(caller.access), subject: null } : caller;
      if (remote !== null && (isLarge(schema) || !budget.isOpen(ref))) {
        return remote.printApi(project, described);
      }
      return measured(project, () =>
        apis.of(schema, applyRules(schema.model, described).access).print(),
      );
    },
    stats: () => apis.stats(),
  };
}

const noErrors: readonly never[] = [];

/** Charges the first call only, because a request that runs again does not cost more. */
function once(charge: Charge): Charge {
  let isCharged = false;
  return (units) => {
    if (isCharged) return;
    isCharged = true;
    return charge(units);
  };
}

/** Cached operations take less. */
const freeMs = 0.5;

/** The API of a larger schema takes more than about 30 ms to build. */
const maxSdlLength = 12_000;
/** A longer document takes more than about 30 ms to prepare. */
const maxQueryLength = 6_000;

/** What the caller can use. Null if this depends on a large model that was not read yet. */
function knownAccess(schema: ProjectSchema, caller: CallerAccess): AppliedAccess | null {
  const isReady = caller.subject === null || !isLarge(schema) || schema.knownModel() !== null;
  return isReady ? applyRules(schema.model, caller) : null;
}

function isLarge({ sdl }: ProjectSchema): boolean {
  return sdl.length > maxSdlLength;
}

/** Whether a document is long, or has a long answer for its length: introspection describes the whole API. */
function isLong(query: string): boolean {
  return query.length > maxQueryLength || query.includes('__schema') || query.includes('__type(');
}

/**
 * Returns the outcome of an operation that failed.
 * @throws the given error or `noSchemaYet`, if the operation was not selected
 */
function failure(
  error: unknown,
  { schema }: ProjectSnapshot,
  { type, hasRun }: Progress,
): GraphqlOutcome {
  if (type === null) {
    const hasSchema = isLarge(schema) || schema.model().types.length > 0;
    throw hasSchema || !(error instanceof DocumentError) ? error : projectErrors.noSchemaYet();
  }
  return { operationType: type, data: null, hasRun, errors: [explain(error)] };
}

/** Translates the loss of a connection. If it could have committed a change, it was translated earlier. */
function explain(error: unknown): unknown {
  if (error instanceof UnansweredError) return requestErrors.timedOut();
  if (error instanceof ConnectionLostError) return requestErrors.databaseUnavailable(error);
  return error;
}
