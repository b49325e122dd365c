import { abortReason, type Cancellation } from '../../platform/cancellation.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { BoundStatement, Rows } from '../../engine/runtime.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ProjectConnection } from './project-connection.ts';
import { createStatementPace } from './statement-pace.ts';

/**
 * Statements that are transactions of their own. Quick ones of one project share connections, over which they are sent
 * without a wait for the answers to those before them.
 */
export interface Lanes {
  /** As `ProjectConnections.run`. */
  run(names: ProjectNames, statement: BoundStatement, signal: Cancellation): Promise<Rows>;
}

/** A connection with what was sent over it. */
interface Lane {
  readonly names: ProjectNames;
  readonly connection: ProjectConnection;
  /** May others follow? */
  readonly isShared: boolean;
  readonly openedAt: number;
  /** When the statement began that runs. */
  runningSince: number;
  /** Statements without an outcome. */
  depth: number;
  /** Those of them whose requests are still there. */
  awaited: number;
  isClosed: boolean;
}

/** Of one project: more would only take turns on the server's cores, and each write would carry less. */
const maxLanes = 4;
const maxDepth = 4;
/** Nobody is sent behind a statement that turns out to be slow. */
const slowMs = 5;
/** Then a lane is given back, however busy: connections are replaced when they are old, and others have turns. */
const maxLaneMs = 1_000;

export function createLanes(pool: ConnectionPool): Lanes {
  const pace = createStatementPace();
  /** Shared ones, by project. */
  const lanesOf = new Map<string, Lane[]>();

  const open = (names: ProjectNames, connection: ProjectConnection, isShared: boolean): Lane => {
    const now = performance.now();
    const state = { openedAt: now, runningSince: now, depth: 0, awaited: 0, isClosed: false };
    const lane: Lane = { names, connection, isShared, ...state };
    if (isShared) {
      const lanes = lanesOf.get(names.ref);
      if (lanes === undefined) lanesOf.set(names.ref, [lane]);
      else lanes.push(lane);
    }
    return lane;
  };

  const close = (lane: Lane): void => {
    if (lane.isClosed) return;
    lane.isClosed = true;
    const { names, connection, isShared } = lane;
    if (isShared) {
      const lanes = lanesOf.get(names.ref) ?? [];
      lanes.splice(lanes.indexOf(lane), 1);
      if (lanes.length === 0) lanesOf.delete(names.ref);
    }
    // What nobody waits for is cancelled there.
    pool.release(names, connection);
  };

  const laneFor = (names: ProjectNames, text: string): Lane | null => {
    const lanes = lanesOf.get(names.ref) ?? none;
    if (lanes.length < maxLanes) {
      const idle = pool.takeIdle(names);
      if (idle !== null) return open(names, idle, true);
    }
    const now = performance.now();
    let shallowest: Lane | null = null;
    for (const lane of lanes) {
      const { depth, openedAt, runningSince, connection } = lane;
      if (depth >= (shallowest?.depth ?? maxDepth)) continue;
      if (now - openedAt > maxLaneMs || now - runningSince > slowMs) continue;
      if (connection.mayFollow(text, names.role)) shallowest = lane;
    }
    return shallowest;
  };

  const runIn = (lane: Lane, statement: BoundStatement, signal: Cancellation): Promise<Rows> =>
    new Promise((resolve, reject) => {
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
      lane.connection.send(statement, lane.names.role, (outcome) => {
        const now = performance.now();
        if (outcome.kind === 'DONE') pace.note(statement.text, now - lane.runningSince);
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

  return {
    run(names, statement, signal) {
      signal.throwIfAborted();
      const isQuick = statement.once !== true && pace.isQuick(statement.text);
      if (isQuick && pool.isCalm) {
        const lane = laneFor(names, statement.text);
        if (lane !== null) return runIn(lane, statement, signal);
      }
      const taken = pool.acquire(names, signal);
      if (!(taken instanceof Promise)) {
        return runIn(open(names, taken, isQuick), statement, signal);
      }
      return taken.then((connection) => {
        const lane = open(names, connection, isQuick);
        if (!signal.aborted) return runIn(lane, statement, signal);
        close(lane);
        throw abortReason(signal);
      });
    },
  };
}

const none: readonly Lane[] = [];
