import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { DatasetSize, KeyKind } from './dataset-ids.ts';
import { endOf, type Peer } from './peers.ts';
import type { RequestKind } from './shapes.ts';

export interface LoadGroup {
  readonly kind: RequestKind;
  readonly path: string;
  readonly document: string;
  readonly connections: number;
  /** True if the requests are counted, false if they only add load. */
  readonly measured: boolean;
}

/** A message to the load process. */
export interface LoadJob {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly groups: readonly LoadGroup[];
  readonly milliseconds: number;
  readonly size: DatasetSize;
  readonly keys: KeyKind;
  readonly seed: number;
  /** The first number for new issues. */
  readonly firstNumber: number;
}

/** Times are in milliseconds. */
export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The load process's CPU usage, as a fraction of one core. */
  readonly cpu: number;
}

export type LoadResult = LoadFigures | { readonly failure: string };

export interface LoadRequest {
  readonly kind: RequestKind;
  readonly connections: number;
  readonly measured: boolean;
}

export interface LoadGenerator {
  /** Sends requests for the given time and measures them. @throws Error if a response is not as expected */
  run(peer: Peer, groups: readonly LoadRequest[], milliseconds: number): Promise<LoadFigures>;
  stop(): Promise<void>;
}

/** More than the number of issues that one job creates. */
const numbersPerJob = 1_000_000;

export function startLoadGenerator(size: DatasetSize, seed: number): LoadGenerator {
  const file = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const child = fork(file, [], { execArgv: ['--import', 'tsx'] });
  let jobs = 0;
  return {
    async run(peer, groups, milliseconds) {
      jobs += 1;
      const job: LoadJob = {
        port: peer.port,
        headers: peer.headers,
        groups: groups.map((group) => ({
          ...group,
          path: peer.path(group.kind),
          document: peer.documents[group.kind],
        })),
        milliseconds,
        size,
        keys: peer.keys ?? 'uuid',
        seed: seed + jobs,
        firstNumber: jobs * numbersPerJob,
      };
      const result = await ask(child, job);
      if ('failure' in result) throw new Error(result.failure);
      return result;
    },
    stop: () => endOf(child),
  };
}

async function ask(child: ChildProcess, job: LoadJob): Promise<LoadResult> {
  child.send(job);
  const signal = AbortSignal.timeout(job.milliseconds + 30_000);
  // The load process replies to each job with one message of this type.
  const [result] = (await once(child, 'message', { signal })) as [LoadResult];
  return result;
}
