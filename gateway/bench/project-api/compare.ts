import { cpuMs, childrenCpuMs, residentMb } from './process-figures.ts';
import type { LoadFigures, LoadGenerator, LoadRequest } from './load.ts';
import type { Peer, PeerName } from './peers.ts';

/** One peer's figures for one round. */
export interface Slice extends LoadFigures {
  /** The server process's CPU time per request. Null if the operating system does not report it. */
  readonly serverCpuMs: number | null;
  /** PostgreSQL's CPU time per request, or null. */
  readonly databaseCpuMs: number | null;
  readonly residentMb: number | null;
}

/** Each peer's slices, ordered by round. Slices with the same index were measured in the same round. */
export type Slices = ReadonlyMap<PeerName, readonly Slice[]>;

export interface Conditions {
  /** The PostgreSQL process whose children execute the queries. */
  readonly postmaster: number;
  readonly rounds: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
}

/** A load to measure: one shape, either alone or together with another shape. */
export interface Load<Name extends string> {
  readonly name: Name;
  readonly groups: readonly LoadRequest[];
  readonly peers: readonly Peer[];
}

/**
 * Measures the peers in turn with each load, round by round, so that fluctuations in the machine's performance affect
 * all peers alike. A peer that fails under a load has no slices for that load.
 * @param tell called with a message for each failure
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
      // The order is reversed every other round, because the first peer has a colder cache.
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
          tell(`${peer.name} failed with ${load.name}: ${String(error)}`);
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
