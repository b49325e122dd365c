import { applyPatch, type Operation } from 'rfc6902';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { createChangeLog, type ChangeLog } from '../../src/data-plane/changes/change-log.ts';
import { createWatcher, type Watcher } from '../../src/data-plane/changes/watcher.ts';
import {
  createSubscriptions,
  type Subscriptions,
} from '../../src/data-plane/live/subscriptions.ts';
import type { LiveResults } from '../../src/data-plane/live/live-results.ts';
import { RequestError } from '../../src/platform/errors/request-error.ts';
import { Canceller } from '../../src/platform/cancellation.ts';
import type { TestDatabase } from '../database.ts';
import {
  everything,
  useOperations,
  type AskOptions,
  type OperationsKit,
  type ServedProject,
} from '../engine/operations-kit.ts';
import { createFakePubSub, type FakePubSub } from '../fake-pubsub.ts';

export interface SubscribeOptions extends Pick<AskOptions, 'variables' | 'access' | 'subject'> {
  readonly patch?: boolean;
  /** Called with each state. */
  readonly onState?: (state: unknown) => void;
  /** Waits before each result is taken, like a client with a slow connection. */
  readonly pace?: () => Promise<void>;
}

/** A project whose models can be live. */
export interface LiveProject extends ServedProject {
  /** Starts a subscription whose results are read at once. */
  follow(query: string, options?: SubscribeOptions): Promise<Follower>;
  subscribe(query: string, options?: SubscribeOptions): Promise<LiveResults>;
  /** Tells the subscriptions that there is a new version or that the project was deleted. */
  notify(): void;
}

export interface LiveKit {
  readonly operations: OperationsKit;
  readonly subscriptions: Subscriptions;
  readonly changes: ChangeLog;
  /**
   * Replaces the subscriptions and the watcher by new ones, like a gateway that is killed and another one that its
   * clients find. Nothing is drained: what was not taken is lost.
   */
  kill(): void;
  serve<T>(sdl: string, work: (project: LiveProject) => Promise<T>): Promise<T>;
}

/** Creates subscriptions for the test file. */
export function useLive(database: TestDatabase): LiveKit {
  const operations = useOperations(database);
  let parts: Parts | null = null;
  const ready = (): Parts => {
    if (parts === null) throw new Error('This value is only available from beforeAll on.');
    return parts;
  };
  const pubsub = createFakePubSub();
  const logger = pino({ level: 'silent' });
  const stopped: Promise<void>[] = [];
  const start = () => {
    const changes = createChangeLog(database.pool);
    const watcher = createWatcher({
      log: changes,
      pubsub,
      executor: database.pool,
      logger,
      pollEveryMs: 25,
    });
    const subscriptions = createSubscriptions({
      connections: operations.connections,
      operations: operations.operations,
      snapshots: operations.snapshots,
      roles: operations.roles,
      changes,
      watcher,
      pubsub,
      clock: () => new Date(),
      logger,
      onLag: () => undefined,
    });
    parts = { changes, watcher, pubsub, subscriptions };
  };
  const kill = () => {
    parts?.subscriptions.close();
    if (parts !== null) stopped.push(parts.watcher.close());
  };
  beforeAll(start);
  afterAll(async () => {
    kill();
    await Promise.all(stopped);
  });
  return {
    operations,
    get subscriptions() {
      return ready().subscriptions;
    },
    get changes() {
      return ready().changes;
    },
    kill() {
      kill();
      start();
    },
    serve: (sdl, work) =>
      operations.serve(sdl, async (project) => {
        const followers: Follower[] = [];
        const live = liveProject(project, ready, followers);
        try {
          return await work(live);
        } finally {
          for (const follower of followers) follower.close();
        }
      }),
  };
}

interface Parts {
  readonly changes: ChangeLog;
  readonly watcher: Watcher;
  readonly pubsub: FakePubSub;
  readonly subscriptions: Subscriptions;
}

function liveProject(
  project: ServedProject,
  parts: () => Parts,
  followers: Follower[],
): LiveProject {
  const { ref } = project.names;
  const attempt = (query: string, options: SubscribeOptions) =>
    parts().subscriptions.subscribe(
      {
        kind: 'member',
        projectId: ref,
        projectRef: ref,
        access: options.access ?? everything,
        subject: options.subject ?? null,
      },
      {
        query,
        operationName: null,
        variables: options.variables ?? {},
        extensions: {},
        mayChange: true,
      },
      { charge: () => undefined, signal: new Canceller(), patch: options.patch === true },
    );
  /** Tries again while the main thread has no time to compile, as a client does. */
  const subscribe = async (query: string, options: SubscribeOptions = {}) => {
    const outcome = await vi.waitFor(
      () =>
        attempt(query, options).catch((error: unknown) => {
          if (error instanceof RequestError && error.code === 'OVERLOADED') throw error;
          return { error };
        }),
      waiting,
    );
    if ('error' in outcome) throw outcome.error;
    return outcome;
  };
  return Object.assign(Object.create(project) as ServedProject, {
    subscribe,
    async follow(query: string, options: SubscribeOptions = {}) {
      const follower = new Follower(await subscribe(query, options), options);
      followers.push(follower);
      return follower;
    },
    notify: () => parts().pubsub.notify('project_schemas', ref),
  });
}

interface Frame {
  readonly data?: unknown;
  readonly extensions?: { readonly live: { readonly patch: Operation[] } };
}

/** A client that reads all results, and has the state to which they lead. */
export class Follower {
  /** What was sent: the results, or the errors of a result. */
  readonly frames: (Frame | { readonly errors: readonly unknown[] })[] = [];
  /** The latest `data`, with patches applied. Null after an error. */
  state: unknown = null;
  patches = 0;
  isEnded = false;
  /** A patch that cannot be applied, or what `onState` has thrown. */
  problem: unknown = null;
  readonly #results: LiveResults;
  readonly #options: Pick<SubscribeOptions, 'onState' | 'pace'>;

  constructor(results: LiveResults, options: Pick<SubscribeOptions, 'onState' | 'pace'> = {}) {
    this.#results = results;
    this.#options = options;
    this.#read().catch((error: unknown) => (this.problem = error));
  }

  /** Waits until the state is the given one. */
  async reaches(data: unknown): Promise<void> {
    await vi.waitFor(() => expect(this.state).toEqual(data), waiting);
  }

  /** Waits for an error with this code. */
  async fails(code: string): Promise<void> {
    await vi.waitFor(
      () => expect(this.frames.at(-1)).toMatchObject({ errors: [{ code }] }),
      waiting,
    );
  }

  async ends(): Promise<void> {
    await vi.waitFor(() => expect(this.isEnded).toBe(true), waiting);
  }

  close(): void {
    this.#results.close();
  }

  async #read(): Promise<void> {
    for (;;) {
      await this.#options.pace?.();
      const next = await this.#results.next();
      if (next === null) break;
      if (next.json === null) {
        this.frames.push({ errors: next.errors });
        this.state = null;
        continue;
      }
      // Results are JSON of this shape.
      const frame = JSON.parse(String(next.json)) as Frame;
      this.frames.push(frame);
      const patch = frame.extensions?.live.patch;
      if (patch === undefined) this.state = frame.data;
      else {
        this.patches += 1;
        // The frame must stay as it was sent.
        this.state = structuredClone(this.state);
        expect(applyPatch(this.state, structuredClone(patch))).toEqual(patch.map(() => null));
      }
      this.#options.onState?.(this.state);
    }
    this.isEnded = true;
  }
}

const waiting = { timeout: 20_000, interval: 20 };
