import { join } from 'node:path';

import { childrenCpuMs, cpuMs, residentMb } from '../project-api/process-figures.ts';
import type { Row } from './report.ts';
import type { RunningGateway, World } from './world.ts';

/** What a part of the benchmark measures, in the order in which it is printed. */
export type Part = (world: World, options: PartOptions) => Promise<readonly Row[]>;

export interface PartOptions {
  /** The duration of each measurement. */
  readonly ms: number;
  /** Scales the number of subscribers, projects and rounds. 1 measures what the targets are about. */
  readonly scale: number;
  /** The folder for CPU profiles of the gateway. Null records none. */
  readonly profiles: string | null;
}

/** Runs `work`, and records a CPU profile of the gateway if the options ask for it. */
export function profiled<T>(
  { inspector }: RunningGateway,
  { profiles }: PartOptions,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  return profiles === null ? work() : inspector.profile(join(profiles, `${name}.cpuprofile`), work);
}

/** The resident memory in kB, without garbage. */
export async function usedKb({ pid, inspector }: RunningGateway): Promise<number> {
  await inspector.collectGarbage();
  return (residentMb(pid) ?? NaN) * 1_024;
}

export interface CpuShares {
  /** In percent of a core. */
  readonly gateway: number;
  readonly postgres: number;
}

/** The processor time that the gateway and PostgreSQL use while `work` runs. */
export async function cpuOf<T>(
  { postmaster }: World,
  { pid }: RunningGateway,
  work: () => Promise<T>,
): Promise<CpuShares & { readonly result: T }> {
  const startedAt = performance.now();
  const before = [cpuMs(pid) ?? NaN, childrenCpuMs(postmaster) ?? NaN] as const;
  const result = await work();
  const ms = performance.now() - startedAt;
  const share = (after: number | null, start: number) => (((after ?? NaN) - start) / ms) * 100;
  return {
    gateway: share(cpuMs(pid), before[0]),
    postgres: share(childrenCpuMs(postmaster), before[1]),
    result,
  };
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** @throws Error unless all subscribers of a group have exactly their first result */
export async function expectFirstResults(
  { clients }: World,
  group: string,
  count: number,
): Promise<void> {
  const { frames } = await clients.figures(group);
  if (frames !== count) throw new Error(`${frames} of ${count} subscribers have a result.`);
}
