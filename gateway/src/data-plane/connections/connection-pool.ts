import { abortReason, type Cancellation } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import { createFairQueue, type FairQueue } from '../../platform/fair-queue.ts';
import type { ProjectConnection } from './project-connection.ts';

/** Leases connections to requests. Projects take turns. */
export interface ConnectionPool {
  /**
   * Leases a connection. An idle connection that already has the role is preferred, then the connection that has been
   * idle the longest, then a new one. Otherwise the request waits for the project's turn.
   * @returns a promise only if no connection is idle
   * @throws RequestError `OVERLOADED`
   * @throws the signal's reason
   */
  lease(names: ProjectNames, signal: Cancellation): ProjectConnection | Promise<ProjectConnection>;
  /**
   * Leases a connection without waiting. Returns null if no connection is idle or the project has reached its limit.
   */
  leaseIdle(names: ProjectNames): ProjectConnection | null;
  /** True if no request is waiting for a connection and the pool is open. */
  readonly isCalm: boolean;
  /** Ends a lease. The connection can be in any state. */
  release(names: ProjectNames, connection: ProjectConnection): void;
  /** Makes all connections set the role again before their next statement. */
  forgetRole(role: string): void;
  stats(): PoolStats;
  close(): Promise<void>;
}

export interface PoolStats {
  readonly busy: number;
  readonly idle: number;
  /** Number of requests that are waiting for a connection. */
  readonly waiting: number;
  /** Number of connections opened since the pool was created. */
  readonly opened: number;
}

export interface PoolOptions {
  readonly open: (onEnd: () => void) => Promise<ProjectConnection>;
  readonly size: number;
  readonly onTrouble: (error: unknown) => void;
  readonly maxWaitMs: number;
  readonly maxWaiting: number;
  readonly maxProjects: number;
  readonly maxAgeMs: number;
  readonly closeTimeoutMs: number;
}

interface Waiter {
  readonly names: ProjectNames;
  readonly take: (connection: ProjectConnection) => void;
  readonly refuse: (reason: Error) => void;
}

interface History {
  readonly openedAt: number;
  readonly projects: Set<string>;
}

export function createConnectionPool(options: PoolOptions): ConnectionPool {
  return new Pool(options);
}

class Pool implements ConnectionPool {
  readonly #options: PoolOptions;
  readonly #perProject: number;
  readonly #queue: FairQueue<Waiter>;
  readonly #open = new Map<ProjectConnection, History>();
  /** The idle connections, ordered by idle time, longest first. */
  readonly #idle: ProjectConnection[] = [];
  /** Number of leased connections per project. Projects without a lease have no entry. */
  readonly #leases = new Map<string, number>();
  #opening = 0;
  #opened = 0;
  #busy = 0;
  #closed: Promise<void> | null = null;
  #onAllEnded: () => void = () => undefined;

  constructor(options: PoolOptions) {
    const { size, maxWaiting } = options;
    this.#options = options;
    // One project can lease at most half of the connections. The remaining ones stay available to other
    // projects.
    this.#perProject = Math.max(1, Math.floor(size * 0.5));
    const perProject = Math.max(1, Math.floor(maxWaiting / 4));
    this.#queue = createFairQueue({ total: maxWaiting, perProject });
  }

  lease(names: ProjectNames, signal: Cancellation): ProjectConnection | Promise<ProjectConnection> {
    signal.throwIfAborted();
    if (this.#closed !== null) throw requestErrors.overloaded();
    const idle = this.leaseIdle(names);
    if (idle !== null) return idle;
    const isWithinLimit =
      this.#leasesOf(names.ref) + this.#queue.sizeOf(names.ref) < this.#perProject;
    const turn = this.#wait(names, signal);
    if (isWithinLimit && this.#opening < this.#queue.size) this.#openOne();
    return turn;
  }

  leaseIdle(names: ProjectNames): ProjectConnection | null {
    // No request is waiting for this connection, because a connection that becomes idle is immediately leased to a
    // waiting request.
    return this.#closed === null && this.#mayLease(names.ref) ? this.#leaseIdle(names) : null;
  }

  get isCalm(): boolean {
    return this.#closed === null && this.#queue.size === 0;
  }

  release(names: ProjectNames, connection: ProjectConnection): void {
    if (connection.isClean || !connection.isOpen) this.#endLease(names, connection);
    else void connection.clean().then(() => this.#endLease(names, connection));
  }

  forgetRole(role: string): void {
    for (const connection of this.#open.keys()) connection.forgetRole(role);
  }

  stats(): PoolStats {
    return {
      busy: this.#busy,
      idle: this.#idle.length,
      waiting: this.#queue.size,
      opened: this.#opened,
    };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  async #end(): Promise<void> {
    for (const waiter of this.#queue.takeAll()) waiter.refuse(requestErrors.overloaded());
    await Promise.all(this.#idle.splice(0).map((connection) => connection.end()));
    if (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#options.closeTimeoutMs);
        this.#onAllEnded = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await Promise.all([...this.#open.keys()].map((connection) => connection.end()));
  }

  #wait(names: ProjectNames, signal: Cancellation): Promise<ProjectConnection> {
    return new Promise((resolve, reject) => {
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        names,
        take(connection) {
          settled();
          resolve(connection);
        },
        refuse(reason) {
          settled();
          reject(reason);
        },
      };
      const leave = (reason: Error) => {
        this.#queue.remove(names.ref, waiter);
        waiter.refuse(reason);
      };
      const onAbort = () => leave(abortReason(signal));
      const timer = setTimeout(() => leave(requestErrors.overloaded()), this.#options.maxWaitMs);
      signal.addEventListener('abort', onAbort);
      if (!this.#queue.add(names.ref, waiter)) waiter.refuse(requestErrors.overloaded());
    });
  }

  /** Leases idle connections to waiting requests. */
  #serve(): void {
    while (this.#idle.length > 0) {
      const waiter = this.#queue.next((project) => this.#mayLease(project));
      if (waiter === null) return;
      const connection = this.#leaseIdle(waiter.names);
      if (connection !== null) waiter.take(connection);
    }
    if (this.#queue.size > 0 && this.#opening === 0) this.#openOne();
  }

  #leaseIdle({ ref, role }: ProjectNames): ProjectConnection | null {
    const own = this.#idle.findLastIndex((each) => each.role === role);
    const [connection] = this.#idle.splice(Math.max(0, own), 1);
    if (connection === undefined) return null;
    this.#leases.set(ref, this.#leasesOf(ref) + 1);
    this.#busy += 1;
    this.#open.get(connection)?.projects.add(ref);
    return connection;
  }

  #endLease({ ref }: ProjectNames, connection: ProjectConnection): void {
    const left = this.#leasesOf(ref) - 1;
    if (left === 0) this.#leases.delete(ref);
    else this.#leases.set(ref, left);
    this.#busy -= 1;
    if (this.#closed !== null || this.#isWornOut(connection)) void connection.end();
    else if (connection.isOpen) this.#idle.push(connection);
    if (this.#closed === null) this.#serve();
    else if (this.#busy === 0) this.#onAllEnded();
  }

  #isWornOut(connection: ProjectConnection): boolean {
    const history = this.#open.get(connection);
    if (history === undefined) return false;
    const { maxProjects, maxAgeMs } = this.#options;
    return history.projects.size >= maxProjects || performance.now() - history.openedAt >= maxAgeMs;
  }

  #openOne(): void {
    if (this.#open.size + this.#opening >= this.#options.size || this.#closed !== null) return;
    this.#opening += 1;
    let connection: ProjectConnection | null = null;
    const onEnd = () => {
      if (connection !== null) this.#forget(connection);
    };
    this.#options.open(onEnd).then(
      (opened) => {
        connection = opened;
        this.#opening -= 1;
        this.#opened += 1;
        this.#welcome(opened);
      },
      (error: unknown) => {
        this.#opening -= 1;
        this.#options.onTrouble(error);
        // Waiting requests can still get one of the other connections.
        if (this.#open.size + this.#opening > 0) return;
        for (const waiter of this.#queue.takeAll()) waiter.refuse(requestErrors.overloaded());
      },
    );
  }

  #welcome(connection: ProjectConnection): void {
    if (this.#closed !== null || !connection.isOpen) {
      void connection.end();
      return;
    }
    this.#open.set(connection, { openedAt: performance.now(), projects: new Set() });
    this.#idle.push(connection);
    this.#serve();
  }

  #forget(connection: ProjectConnection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#closed === null) this.#serve();
  }

  #mayLease(project: string): boolean {
    return this.#leasesOf(project) < this.#perProject;
  }

  #leasesOf(project: string): number {
    return this.#leases.get(project) ?? 0;
  }
}
