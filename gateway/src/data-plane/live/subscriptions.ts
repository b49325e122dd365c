import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { createByteBudget } from '../../platform/byte-budget.ts';
import type { Clock } from '../../platform/clock.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import type { Watcher } from '../changes/watcher.ts';
import type { Caller } from '../callers/callers.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { projectErrors } from '../errors.ts';
import type { Operations } from '../operations/operations.ts';
import type { ProjectRoles } from '../projects/project-roles.ts';
import {
  projectVersionsChannel,
  type ProjectSnapshot,
  type ProjectSnapshots,
} from '../projects/project-snapshots.ts';
import type { ChangeStream } from './change-stream.ts';
import { compileSubscription } from './compile.ts';
import { createCohortScheduler, type SchedulerStats } from './cohort-scheduler.ts';
import { createLastResults } from './last-results.ts';
import { liveLimits } from './limits.ts';
import type { LiveResults, SubscribeOptions } from './live-results.ts';
import type { LiveRow } from './live-row.ts';
import { ServedProject } from './served-project.ts';
import { Subscription } from './subscription.ts';
import { systemTimers, type Timers } from './timers.ts';

/** The live queries and change streams of all projects. */
export interface Subscriptions {
  /**
   * Starts a subscription.
   * @throws the errors of `compileSubscription`
   * @throws RequestError `NOT_FOUND`, or `OVERLOADED` if there are too many subscriptions
   * @throws OperationError if the cursor in `after` is not valid
   */
  subscribe(
    caller: Caller,
    request: GraphqlRequest,
    options: SubscribeOptions,
  ): Promise<LiveResults>;
  /** The subscriptions of a project. */
  counts(ref: string): SubscriptionCounts;
  stats(): LiveStats;
  /** Completes all subscriptions. */
  close(): void;
}

export interface SubscriptionCounts {
  readonly queries: number;
  readonly streams: number;
}

export interface LiveStats {
  readonly queries: number;
  readonly streams: number;
  /** Watched projects. */
  readonly projects: number;
  /** Bytes of latest results. */
  readonly resultBytes: number;
  /** Since the start: results that differ from the one before, and results and events that were sent. */
  readonly results: number;
  readonly sent: number;
  readonly scheduler: SchedulerStats;
}

export interface SubscriptionsDependencies {
  readonly connections: Pick<ProjectConnections, 'runInBackground' | 'forgetRole' | 'size'>;
  readonly operations: Pick<Operations, 'selectSubscription'>;
  readonly snapshots: Pick<ProjectSnapshots, 'get' | 'refresh'>;
  readonly roles: Pick<ProjectRoles, 'restore'>;
  readonly changes: Pick<ChangeLog, 'read'>;
  readonly watcher: Pick<Watcher, 'watch'>;
  readonly pubsub: Pick<PubSub, 'subscribe' | 'onRegained'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with the time from a commit to its result, in seconds. */
  readonly onLag: (seconds: number) => void;
  readonly timers?: Timers;
}

export function createSubscriptions(dependencies: SubscriptionsDependencies): Subscriptions {
  const { connections, snapshots, pubsub, clock, onLag, timers = systemTimers } = dependencies;
  const results = createLastResults<LiveRow>({
    bytes: liveLimits.resultBytes,
    bytesPerProject: liveLimits.resultBytesPerProject,
  });
  const counts = { results: 0, sent: 0 };
  const scheduler = createCohortScheduler<LiveRow | ChangeStream>(
    schedulerLimits(connections.size),
    timers,
  );
  const environment = {
    ...dependencies,
    timers,
    results,
    eventBudget: createByteBudget({
      total: liveLimits.eventBytes,
      perHolder: liveLimits.eventBytesPerProject,
    }),
    scheduler,
    clock: () => clock().getTime(),
    onSent: () => (counts.sent += 1),
    onResult(lagMs: number | null) {
      counts.results += 1;
      if (lagMs !== null) onLag(lagMs / 1_000);
    },
  };
  const projects = new Map<string, ServedProject>();
  let total = 0;
  let isClosed = false;

  const projectOf = (snapshot: ProjectSnapshot): ServedProject => {
    const known = projects.get(snapshot.ref);
    if (known !== undefined) return known;
    const project = new ServedProject(snapshot, environment, () => {
      if (projects.get(snapshot.ref) === project) projects.delete(snapshot.ref);
    });
    projects.set(snapshot.ref, project);
    return project;
  };

  const unsubscribe = [
    pubsub.subscribe(projectVersionsChannel, (ref) => projects.get(ref)?.onVersion(null)),
    pubsub.onRegained(() => {
      for (const project of projects.values()) project.check();
    }),
  ];

  return {
    async subscribe(caller, request, { charge, signal, patch }) {
      const { projectRef } = caller;
      const snapshot = await snapshots.get(projectRef);
      if (snapshot === null) throw projectErrors.notFound();
      const ofProject = projects.get(projectRef)?.size ?? 0;
      const isFull =
        total >= liveLimits.subscriptions || ofProject >= liveLimits.subscriptionsPerProject;
      if (isFull || isClosed) throw requestErrors.overloaded();
      const call = { caller, request, project: snapshot, charge };
      const compiled = await compileSubscription(call, dependencies);
      signal.throwIfAborted();
      const subscription = new Subscription(caller, request, { isPatching: patch });
      const project = projectOf(compiled.project);
      total += 1;
      project.add(subscription, () => (total -= 1));
      const close = () => project.remove(subscription);
      signal.addEventListener('abort', close);
      try {
        await project.start(subscription, compiled);
        signal.throwIfAborted();
      } catch (error) {
        close();
        throw error;
      }
      return {
        next: (outlet) => subscription.next(outlet),
        renew: (renewed) => project.renew(subscription, renewed),
        close() {
          signal.removeEventListener('abort', close);
          close();
        },
      };
    },
    counts: (ref) => projects.get(ref)?.counts() ?? { queries: 0, streams: 0 },
    stats() {
      const all = [...projects.values()].map((project) => project.counts());
      return {
        queries: all.reduce((sum, { queries }) => sum + queries, 0),
        streams: all.reduce((sum, { streams }) => sum + streams, 0),
        projects: projects.size,
        resultBytes: results.bytes,
        ...counts,
        scheduler: scheduler.stats(),
      };
    },
    close() {
      isClosed = true;
      for (const stop of unsubscribe) stop();
      for (const project of [...projects.values()]) project.endAll();
      scheduler.close();
    },
  };
}

/** Live work uses a quarter of the connections, and one project half of them. */
function schedulerLimits(connections: number) {
  const { rowsPerRun, bytesPerRun, minIntervalMs, restFactor, firstRetryMs, lastRetryMs } =
    liveLimits;
  const running = Math.max(1, Math.floor(connections / 4));
  return {
    running,
    runningPerProject: Math.max(1, Math.ceil(running / 2)),
    rowsPerRun,
    bytesPerRun,
    minIntervalMs,
    restFactor,
    firstRetryMs,
    lastRetryMs,
  };
}
