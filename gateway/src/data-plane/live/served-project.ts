import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { Caller } from '../callers/callers.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { projectErrors } from '../errors.ts';
import type { ProjectRoles } from '../projects/project-roles.ts';
import type { ProjectSnapshot, ProjectSnapshots } from '../projects/project-snapshots.ts';
import {
  compileSubscription,
  type CompiledSubscription,
  type CompileEnvironment,
} from './compile.ts';
import { HeldSubscriptions } from './held-subscriptions.ts';
import { liveLimits } from './limits.ts';
import { ProjectLive, type ProjectLiveEnvironment } from './project-live.ts';
import type { Subscription } from './subscription.ts';

export interface ServedProjectEnvironment
  extends
    CompileEnvironment,
    Omit<ProjectLiveEnvironment, 'onSchemaTrouble' | 'onVersion' | 'onUnreadable'> {
  readonly connections: Pick<ProjectConnections, 'runInBackground' | 'forgetRole'>;
  readonly snapshots: Pick<ProjectSnapshots, 'get' | 'refresh'>;
  readonly roles: Pick<ProjectRoles, 'restore'>;
  readonly logger: Logger;
}

/** The subscriptions of one project, which follow its schema versions. It exists while there is a subscription. */
export class ServedProject {
  readonly #ref: string;
  readonly #environment: ServedProjectEnvironment;
  readonly #live: ProjectLive;
  readonly #onEmpty: () => void;
  /** The subscriptions and what to call when they end. */
  readonly #subscriptions = new Map<Subscription, () => void>();
  /** The snapshot for which the subscriptions are or will be compiled. */
  #snapshot: ProjectSnapshot;
  /** Those that were started, or compiled for an earlier version, and that deliver nothing now. */
  readonly #held: HeldSubscriptions;
  /** The newest version that is known. Its schema might not have been loaded yet. */
  #newest: number;
  /** The number of announcements of new versions, and of those that the last complete check has looked up. */
  #announced = 0;
  #settled = 0;
  /** The last check of the version. Checks run one after the other. */
  #checks: Promise<unknown> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;

  constructor(
    snapshot: ProjectSnapshot,
    environment: ServedProjectEnvironment,
    onEmpty: () => void,
  ) {
    this.#ref = snapshot.ref;
    this.#snapshot = snapshot;
    this.#newest = snapshot.version;
    this.#environment = environment;
    this.#onEmpty = onEmpty;
    this.#held = new HeldSubscriptions(environment.timers, (subscription) =>
      this.remove(subscription, requestErrors.overloaded()),
    );
    this.#live = new ProjectLive(snapshot.names, {
      ...environment,
      onSchemaTrouble: (isRole) => this.#onSchemaTrouble(isRole),
      onVersion: (version) => this.onVersion(version),
      onUnreadable: (error) => this.endAll(error),
    });
    this.#checkLater();
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  counts(): { readonly queries: number; readonly streams: number } {
    let streams = 0;
    for (const { kind } of this.#subscriptions.keys()) if (kind === 'CHANGES') streams += 1;
    return { queries: this.size - streams, streams };
  }

  add(subscription: Subscription, onRemoved: () => void): void {
    this.#subscriptions.set(subscription, onRemoved);
  }

  /** Registers the subscription for changes, and starts it. @throws the errors of `Subscription.start` */
  async start(subscription: Subscription, compiled: CompiledSubscription): Promise<void> {
    await this.#live.ready();
    if (!this.#subscriptions.has(subscription)) return;
    this.#held.hold(subscription);
    await subscription.start(this.#live, compiled);
    if (!this.#subscriptions.has(subscription)) subscription.end();
    // The schema might have changed since the operation was compiled, before changes were noticed here.
    const current = await this.#environment.snapshots.get(this.#ref);
    const { version } = compiled.project;
    if (current?.version !== version || this.#snapshot.version !== version) this.check();
    else if (this.#isSettled) this.#held.release(subscription);
  }

  /** Compiles a subscription for another caller. */
  async renew(subscription: Subscription, caller: Caller): Promise<void> {
    subscription.caller = caller;
    try {
      await this.#inTurn(() => this.#recompile(subscription, this.#snapshot));
    } catch (error) {
      this.remove(subscription);
      throw error;
    }
  }

  remove(subscription: Subscription, error?: unknown): void {
    subscription.end(error);
    this.#held.forget(subscription);
    const onRemoved = this.#subscriptions.get(subscription);
    if (onRemoved === undefined) return;
    this.#subscriptions.delete(subscription);
    onRemoved();
    if (this.size === 0) this.#close();
  }

  endAll(error?: unknown): void {
    for (const subscription of [...this.#subscriptions.keys()]) this.remove(subscription, error);
  }

  /** Checks in the background whether the project has a new version or was deleted. */
  check(): void {
    void this.#onSchemaTrouble(false);
  }

  /**
   * Called when there is a new version, or the project was deleted. Nothing is delivered until the subscriptions are
   * compiled for it, because its access rules can permit less.
   * @param version null if it is not known
   */
  onVersion(version: number | null): void {
    if (version !== null && version <= this.#newest) return;
    this.#newest = version ?? this.#newest;
    this.#announced += 1;
    for (const subscription of this.#subscriptions.keys()) this.#held.hold(subscription);
    this.check();
  }

  /** Whether each announced version was looked up. */
  get #isSettled(): boolean {
    return this.#settled === this.#announced;
  }

  /** See `CohortEnvironment`. */
  async #onSchemaTrouble(isRole: boolean): Promise<boolean> {
    const { roles, connections, logger } = this.#environment;
    try {
      if (!isRole) return await this.#checkVersion();
      const { names } = this.#snapshot;
      await roles.restore(names);
      connections.forgetRole(names);
      return true;
    } catch (error) {
      if (!isTransient(error)) logger.warn({ err: error, ref: this.#ref }, 'A live check failed');
      // Without a database, nothing is known about the schema.
      return isTransient(error);
    }
  }

  /** Runs work that compiles subscriptions after earlier work of this kind, so that the latest version is last. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = this.#checks.then(work);
    this.#checks = running.catch(() => undefined);
    return running;
  }

  /**
   * Compiles subscriptions again if there is a new version. A check that has begun earlier might have missed it.
   * @returns whether subscriptions were compiled again, or have ended
   */
  #checkVersion(find: 'get' | 'refresh' = 'refresh'): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.size === 0) return true;
      try {
        return await this.#follow(find);
      } finally {
        if (this.#held.size > 0) this.#checkAfter(liveLimits.recompileRetryMs);
      }
    });
  }

  async #follow(find: 'get' | 'refresh'): Promise<boolean> {
    const { snapshots } = this.#environment;
    const announced = this.#announced;
    const found = await snapshots[find](this.#ref);
    const isOld = found !== null && found.version < this.#newest;
    const snapshot = isOld ? await snapshots.refresh(this.#ref) : found;
    if (snapshot === null) {
      this.endAll(projectErrors.notFound());
      return true;
    }
    this.#snapshot = snapshot;
    this.#newest = Math.max(this.#newest, snapshot.version);
    const outdated = this.#outdated();
    for (const subscription of outdated) this.#held.hold(subscription);
    await this.#recompileAll(outdated, snapshot);
    // A version that was announced meanwhile is looked up by the next check.
    if (announced !== this.#announced || snapshot.version < this.#newest) return true;
    this.#settled = announced;
    for (const subscription of this.#subscriptions.keys()) {
      if (subscription.version === snapshot.version) this.#held.release(subscription);
    }
    return outdated.length > 0;
  }

  /** The subscriptions that were compiled for another version than the current one. */
  #outdated(): readonly Subscription[] {
    const { version } = this.#snapshot;
    return [...this.#subscriptions.keys()].filter(
      (each) => each.version !== null && each.version !== version,
    );
  }

  /** Those that cannot be compiled now because of load stay outdated. */
  async #recompileAll(outdated: readonly Subscription[], snapshot: ProjectSnapshot): Promise<void> {
    let sliceEnd = performance.now() + liveLimits.compileSliceMs;
    for (const subscription of outdated) {
      try {
        await this.#recompile(subscription, snapshot);
      } catch (error) {
        if (!isTransient(error)) this.remove(subscription, error);
      }
      if (performance.now() < sliceEnd) continue;
      await turn();
      sliceEnd = performance.now() + liveLimits.compileSliceMs;
    }
  }

  async #recompile(subscription: Subscription, project: ProjectSnapshot): Promise<void> {
    if (!this.#subscriptions.has(subscription)) return;
    const { caller, request } = subscription;
    const charge = () => undefined;
    const compiled = await compileSubscription(
      { caller, request, project, charge },
      this.#environment,
    );
    if (this.#subscriptions.has(subscription)) await subscription.start(this.#live, compiled);
  }

  /** Checks the version at an interval. The snapshot is cached while notifications can be received. */
  #checkLater(): void {
    this.#checkAfter(liveLimits.versionCheckMs);
  }

  #checkAfter(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.timers.after(ms, () => {
      this.#checkLater();
      // The next check finds what this one did not.
      this.#checkVersion('get').catch(() => undefined);
    });
  }

  #close(): void {
    this.#cancelTimer();
    this.#live.close();
    this.#onEmpty();
  }
}

const isTransient = (error: unknown): boolean => error instanceof RequestError && error.transient;
