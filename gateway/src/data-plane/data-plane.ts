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
import { createCatchUp, mayReadCursor } from './changes/catch-up.ts';
import { NoChangeLog, type ChangeLog, type LogFigures } from './changes/change-log.ts';
import type { Watcher } from './changes/watcher.ts';
import type { ProjectConnections } from './connections/project-connections.ts';
import { projectErrors } from './errors.ts';
import type { LiveResults, SubscribeOptions } from './live/live-results.ts';
import {
  createSubscriptions,
  type LiveStats,
  type SubscriptionCounts,
} from './live/subscriptions.ts';
import type { PlanStats } from './operations/api-cache.ts';
import {
  createOperations,
  type DescribedCaller,
  type OperationCall,
} from './operations/operations.ts';
import type { ProjectRoles } from './projects/project-roles.ts';
import { mayBeLive } from './projects/project-schema.ts';
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
   * Starts a subscription to the caller's project.
   * @throws the errors of `Subscriptions.subscribe`
   */
  subscribe(
    caller: Caller,
    request: GraphqlRequest,
    options: SubscribeOptions,
  ): Promise<LiveResults>;
  /**
   * Returns the API's SDL as the caller sees it, or as all callers with access rules together see it.
   * @throws RequestError `FORBIDDEN` if the caller's access does not include introspection, or `NOT_FOUND`
   */
  printApi(caller: Caller, as?: DescribedCaller): Promise<string>;
  stats(): PlanStats;
  liveStats(): LiveStats;
  /** Returns null if the project does not exist. @throws the error of the database */
  liveFigures(ref: string): Promise<LiveFigures | null>;
  /** Completes all subscriptions, and stops listening for changes to projects. */
  close(): void;
}

/** The live subscriptions to a project, as this process knows them, and its change log. */
export interface LiveFigures extends SubscriptionCounts {
  /** The number of models with `@live`. */
  readonly models: number;
  /** How long changes have been waiting to be read for subscriptions. */
  readonly lagMs: number;
  /** Null if the project has no change log. */
  readonly log: LogFigures | null;
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
  /** The change logs of projects. */
  readonly changes: Pick<ChangeLog, 'read' | 'figures'>;
  readonly watcher: Pick<Watcher, 'watch' | 'touched' | 'lagMs'>;
  readonly logger: Logger;
  /** Called for each check of a user's token, for metrics. */
  readonly onTokenCheck: (check: TokenCheck) => void;
  /** Called for each attempt to fetch an issuer's keys, for metrics. */
  readonly onKeyFetch: (outcome: KeyFetch) => void;
  /** Called with the time from a commit to a result of a live query that contains it, for metrics. */
  readonly onLag: (seconds: number) => void;
}

export function createDataPlane(dependencies: DataPlaneDependencies): DataPlane {
  const { connections, roles, isFull, clock, compute, changes, watcher } = dependencies;
  const snapshots = createProjectSnapshots(dependencies);
  const catchUp = createCatchUp(changes);
  const now = () => clock().getTime();
  const operations = createOperations({
    connections,
    snapshots,
    roles,
    isFull,
    now,
    compute,
    onWrite({ ref, schema }) {
      if (mayBeLive(schema)) watcher.touched(ref);
    },
  });
  const subscriptions = createSubscriptions({ ...dependencies, operations, snapshots });
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
      if (mayReadCursor(request)) {
        return catchUp(projectRef).then(async () => run(await snapshots.get(projectRef)));
      }
      const snapshot = snapshots.get(projectRef);
      return snapshot instanceof Promise ? snapshot.then(run) : run(snapshot);
    },
    async printApi({ projectRef, access, subject }, as) {
      const snapshot = required(await snapshots.get(projectRef));
      return operations.printApi(snapshot, { access, subject }, as);
    },
    subscribe: (caller, request, options) => subscriptions.subscribe(caller, request, options),
    stats: () => operations.stats(),
    liveStats: () => subscriptions.stats(),
    async liveFigures(ref) {
      const snapshot = await snapshots.get(ref);
      if (snapshot === null) return null;
      const { schema } = snapshot;
      // A model is read from its SDL at first use, which most projects do not need here.
      const types = mayBeLive(schema) ? schema.model().types : [];
      const models = types.filter(({ live }) => live).length;
      const log = models === 0 ? null : await changes.figures(ref).catch(withoutLog);
      return { models, ...subscriptions.counts(ref), lagMs: watcher.lagMs(ref), log };
    },
    close() {
      subscriptions.close();
      settings.close();
      snapshots.close();
    },
  };
}

/** The last live model might have been removed by another process. */
function withoutLog(error: unknown): null {
  if (error instanceof NoChangeLog) return null;
  throw error;
}

function required(snapshot: ProjectSnapshot | null): ProjectSnapshot {
  if (snapshot === null) throw projectErrors.notFound();
  return snapshot;
}
