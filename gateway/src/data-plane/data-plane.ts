import type { GraphqlOutcome, GraphqlRequest } from '../graphql/graphql-request.ts';
import type { Clock } from '../platform/clock.ts';
import type { PubSub } from '../platform/pubsub/pubsub.ts';
import type { EgressClient } from '../platform/egress/egress-client.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { AccessSettingsDirectory } from './callers/access-settings.ts';
import {
  createCallers,
  type Caller,
  type CallerDirectory,
  type Callers,
} from './callers/callers.ts';
import { createCurrentSettings, type CurrentSettings } from './callers/current-settings.ts';
import { createIssuerKeys, type KeyFetch } from './callers/issuer-keys.ts';
import type { TokenCheck } from './callers/token-problem.ts';
import { createUserTokens } from './callers/user-tokens.ts';
import type { Compute, RawRequest } from './compute/tasks.ts';
import type { ProjectConnections } from './connections/project-connections.ts';
import { projectErrors } from './errors.ts';
import type { PlanStats } from './operations/api-cache.ts';
import {
  createOperations,
  type DescribedCaller,
  type OperationCall,
} from './operations/operations.ts';
import type { ProjectRoles } from './projects/project-roles.ts';
import {
  createProjectSnapshots,
  type ProjectDirectory,
  type ProjectSnapshot,
} from './projects/project-snapshots.ts';

/** The API of the data plane. The HTTP layer calls it for requests below `/p/<ref>/`. */
export interface DataPlane {
  readonly callers: Callers;
  /** The settings that decide which apps and tokens the APIs of projects accept. */
  readonly settings: Pick<CurrentSettings, 'get' | 'peek'>;
  /**
   * Runs a GraphQL operation on the caller's project, using the snapshot that is current at the time of the call.
   * @throws RequestError `NOT_FOUND` or `OVERLOADED`, and the errors of `Operations.execute`
   */
  execute(
    caller: Caller,
    request: GraphqlRequest | RawRequest,
    call: CallOptions,
  ): Promise<GraphqlOutcome>;
  /**
   * Returns the API's SDL as the caller sees it, or as all callers with access rules together see it.
   * @throws RequestError `FORBIDDEN` if the caller's access does not include introspection, or `NOT_FOUND`
   */
  printApi(caller: Caller, as?: DescribedCaller): Promise<string>;
  stats(): PlanStats;
  /** Stops listening for changes to projects. */
  close(): void;
}

export type CallOptions = Pick<OperationCall, 'charge' | 'signal' | 'memory'>;

export interface DataPlaneDependencies {
  readonly callers: CallerDirectory;
  readonly settings: AccessSettingsDirectory;
  /** Fetches the keys of trusted issuers. */
  readonly egress: EgressClient;
  readonly projects: ProjectDirectory;
  readonly connections: ProjectConnections;
  readonly roles: ProjectRoles;
  /** Reports whether a project has reached its maximum size. */
  readonly isFull: (ref: string) => boolean;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  readonly compute: Compute | null;
  readonly logger: Logger;
  /** Called for each check of a user's token, for metrics. */
  readonly onTokenCheck: (check: TokenCheck) => void;
  /** Called for each attempt to fetch an issuer's keys, for metrics. */
  readonly onKeyFetch: (outcome: KeyFetch) => void;
}

export function createDataPlane(dependencies: DataPlaneDependencies): DataPlane {
  const { connections, roles, isFull, clock, compute } = dependencies;
  const snapshots = createProjectSnapshots(dependencies);
  const now = () => clock().getTime();
  const operations = createOperations({ connections, snapshots, roles, isFull, now, compute });
  const settings = createCurrentSettings(dependencies);
  const userTokens = createUserTokens({
    keys: createIssuerKeys({ ...dependencies, onFetch: dependencies.onKeyFetch }),
    clock,
    onCheck: dependencies.onTokenCheck,
  });
  return {
    callers: createCallers({ directory: dependencies.callers, settings, userTokens }),
    settings,
    execute({ projectRef, access, subject }, request, call) {
      const run = (snapshot: ProjectSnapshot | null): Promise<GraphqlOutcome> =>
        operations.execute({ project: required(snapshot), access, subject, request, ...call });
      const snapshot = snapshots.get(projectRef);
      return snapshot instanceof Promise ? snapshot.then(run) : run(snapshot);
    },
    async printApi({ projectRef, access, subject }, as) {
      const snapshot = required(await snapshots.get(projectRef));
      return operations.printApi(snapshot, { access, subject }, as);
    },
    stats: () => operations.stats(),
    close() {
      settings.close();
      snapshots.close();
    },
  };
}

function required(snapshot: ProjectSnapshot | null): ProjectSnapshot {
  if (snapshot === null) throw projectErrors.notFound();
  return snapshot;
}
