import { availableParallelism } from 'node:os';

import { abortReason, type Cancellation } from '../../platform/cancellation.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { BoundStatement, Rows } from '../../engine/runtime.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { RowMemory } from './exchange.ts';
import type { ProjectConnection } from './project-connection.ts';
import { createStatementPace } from './statement-pace.ts';

/**
 * Runs single-statement transactions. A project's quick statements are pipelined: sent over one connection without
 * waiting for earlier responses.
 */
export interface Lanes {
  /** See `ProjectConnections.run`. */
  run(names: ProjectNames, statement: BoundStatement, request: LaneRequest): Promise<Rows>;
}

/** The request for which a statement runs. */
interface LaneRequest {
  readonly signal: Cancellation;
  readonly memory: RowMemory;
}

/** A leased connection and the statements sent over it. */
interface Lane {
  readonly names: ProjectNames;
  readonly connection: ProjectConnection;
  /** True if more statements can be pipelined on the connection. */
  readonly isPipelined: boolean;
  readonly openedAt: number;
  /** Start time of the statement that is running. */
  runningSince: number;
  /** Number of statements whose outcome is not known yet. */
  depth: number;
  /** Number of statements in `depth` whose requests have not been aborted. */
  awaited: number;
  isClosed: boolean;
}

/**
 * Maximum lanes per project for statements that wait, such as writes that wait for the disk. More lanes would compete
 * for the server's cores, and each write would carry fewer statements.
 */
const maxLanes = 4;
/** Maximum lanes for statements that run for less than `waitingMs`, which are limited by the server's cores. */
const maxBusyLanes = Math.min(maxLanes, Math.max(2, availableParallelism()));
/** A statement with a longer mean duration is assumed to wait for the disk. */
const waitingMs = 1;
/** Maximum statements in a lane. */
const maxDepth = 8;
/** No statement is sent after a statement that has been running for this long. */
const slowMs = 5;
/**
 * After this time, no further statement joins the lane. The lane then drains and its lease ends, so that other projects
 * get their turn and the pool can replace old connections (`maxAgeMs`).
 */
const joinableForMs = 1_000;

export function createLanes(pool: ConnectionPool): Lanes {
  const pace = createStatementPace();
  /** Pipelined lanes by project. */
  const lanesOf = new Map<string, Lane[]>();

  const open = (names: ProjectNames, connection: ProjectConnection, isPipelined: boolean): Lane => {
    const now = performance.now();
    const state = { openedAt: now, runningSince: now, depth: 0, awaited: 0, isClosed: false };
    const lane: Lane = { names, connection, isPipelined, ...state };
    if (isPipelined) {
      const lanes = lanesOf.get(names.ref);
      if (lanes === undefined) lanesOf.set(names.ref, [lane]);
      else lanes.push(lane);
    }
    return lane;
  };

  const close = (lane: Lane): void => {
    if (lane.isClosed) return;
    lane.isClosed = true;
    const { names, connection, isPipelined } = lane;
    if (isPipelined) {
      const lanes = lanesOf.get(names.ref) ?? [];
      lanes.splice(lanes.indexOf(lane), 1);
      if (lanes.length === 0) lanesOf.delete(names.ref);
    }
    // The pool cancels statements whose requests have all been aborted.
    pool.release(names, connection);
  };

  const laneFor = (names: ProjectNames, text: string): Lane | null => {
    const lanes = lanesOf.get(names.ref) ?? none;
    const most = pace.meanOf(text) > waitingMs ? maxLanes : maxBusyLanes;
    if (lanes.length < most) {
      const idle = pool.leaseIdle(names);
      if (idle !== null) return open(names, idle, true);
    }
    const now = performance.now();
    let shallowest: Lane | null = null;
    for (const lane of lanes) {
      const { depth, openedAt, runningSince, connection } = lane;
      if (depth >= (shallowest?.depth ?? maxDepth)) continue;
      if (now - openedAt > joinableForMs || now - runningSince > slowMs) continue;
      if (connection.mayFollow(text, names.role)) shallowest = lane;
    }
    return shallowest;
  };

  const runIn = (
    lane: Lane,
    statement: BoundStatement,
    { signal, memory }: LaneRequest,
  ): Promise<Rows> => {
    const refusal = memory.begin?.() ?? null;
    if (refusal !== null) {
      if (lane.awaited === 0) close(lane);
      return Promise.reject(refusal);
    }
    return new Promise((resolve, reject) => {
      let isAwaited = true;
      const settle = (): void => {
        isAwaited = false;
        lane.awaited -= 1;
        signal.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        settle();
        reject(abortReason(signal));
        if (lane.awaited === 0) close(lane);
      };
      if (lane.depth === 0) lane.runningSince = performance.now();
      lane.depth += 1;
      lane.awaited += 1;
      signal.addEventListener('abort', leave);
      lane.connection.send(statement, lane.names.role, memory.reserve, (outcome) => {
        const now = performance.now();
        if (outcome.kind === 'DONE') {
          const ms = now - lane.runningSince;
          pace.note(statement.text, isLong(outcome.rows) ? Math.max(ms, slowMs) : ms);
        }
        lane.runningSince = now;
        lane.depth -= 1;
        const wasAwaited = isAwaited;
        if (wasAwaited) settle();
        if (lane.awaited === 0) close(lane);
        if (!wasAwaited) return;
        if (outcome.kind === 'DONE') resolve(outcome.rows);
        else reject(outcome.error);
      });
    });
  };

  return {
    run(names, statement, request) {
      const { signal } = request;
      signal.throwIfAborted();
      const isQuick = statement.once !== true && pace.isQuick(statement.text);
      if (isQuick && pool.isCalm) {
        const lane = laneFor(names, statement.text);
        if (lane !== null) return runIn(lane, statement, request);
      }
      const leased = pool.lease(names, signal);
      if (!(leased instanceof Promise)) {
        return runIn(open(names, leased, isQuick), statement, request);
      }
      return leased.then((connection) => {
        const lane = open(names, connection, isQuick);
        if (!signal.aborted) return runIn(lane, statement, request);
        close(lane);
        throw abortReason(signal);
      });
    },
  };
}

/** The next statement on a connection waits until all rows have been received. */
const longBytes = 65_536;

function isLong(rows: Rows): boolean {
  let bytes = 0;
  for (const row of rows) for (const value of row) bytes += value?.length ?? 0;
  return bytes > longBytes;
}

const none: readonly Lane[] = [];
