import { cpuMs, childrenCpuMs, residentMb } from './process-figures.ts';
import type { LoadFigures, LoadGenerator, LoadRequest } from './load.ts';
import type { Peer, PeerName } from './peers.ts';

/** One peer's turn in one round. */
export interface Slice extends LoadFigures {
  /** CPU of the server's process for one request; null where the system does not tell. */
  readonly serverCpuMs: number | null;
  /** Likewise of PostgreSQL's. */
  readonly databaseCpuMs: number | null;
  readonly residentMb: number | null;
}

/** Each peer's slices, in the order of the rounds: what stands at one index was measured side by side. */
export type Slices = ReadonlyMap<PeerName, readonly Slice[]>;

export interface Conditions {
  /** The process whose children work on the database's side. */
  readonly postmaster: number;
  readonly rounds: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
}

/** Anything measured: a shape by itself, or with company. */
export interface Load<Name extends string> {
  readonly name: Name;
  readonly groups: readonly LoadRequest[];
  readonly peers: readonly Peer[];
}

/**
 * Lets the peers take turns with each load, round by round, so that the machine's moods hit all alike. A peer that
 * fails with a load has no slices there.
 * @param tell is called with a sentence on each failure
 */
export async function compare<Name extends string>(
  generator: LoadGenerator,
  loads: readonly Load<Name>[],
  conditions: Conditions,
  tell: (failure: string) => void,
): Promise<ReadonlyMap<Name, Slices>> {
  const results = new Map<Name, Map<PeerName, Slice[]>>();
  const standing = loads.map(({ name, groups, peers }) => ({ name, groups, peers: [...peers] }));
  for (const { name, peers } of standing)
    results.set(name, new Map(peers.map((peer) => [peer.name, []])));
  for (let round = -1; round < conditions.rounds; round += 1) {
    const isWarmUp = round < 0;
    for (const load of standing) {
      // Every other round the other way, or who comes first would always find the colder cache.
      for (const peer of round % 2 === 0 ? [...load.peers] : load.peers.toReversed()) {
        try {
          const duration = isWarmUp ? conditions.warmUpMs : conditions.sliceMs;
          const slice = await takeSlice(
            generator,
            peer,
            load.groups,
            duration,
            conditions.postmaster,
          );
          if (!isWarmUp) results.get(load.name)?.get(peer.name)?.push(slice);
        } catch (error) {
          tell(`${peer.name} fails with ${load.name}: ${String(error)}`);
          load.peers.splice(load.peers.indexOf(peer), 1);
          results.get(load.name)?.delete(peer.name);
        }
      }
    }
  }
  return results;
}

async function takeSlice(
  generator: LoadGenerator,
  peer: Peer,
  groups: readonly LoadRequest[],
  milliseconds: number,
  postmaster: number,
): Promise<Slice> {
  const cpu = () => ({ server: cpuMs(peer.pid), database: childrenCpuMs(postmaster) });
  const before = cpu();
  const figures = await generator.run(peer, groups, milliseconds);
  const after = cpu();
  const perRequest = (start: number | null, end: number | null) =>
    start === null || end === null ? null : (end - start) / figures.requests;
  return {
    ...figures,
    serverCpuMs: perRequest(before.server, after.server),
    databaseCpuMs: perRequest(before.database, after.database),
    residentMb: residentMb(peer.pid),
  };
}
