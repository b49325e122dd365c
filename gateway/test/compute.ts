import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';

import type { Compute } from '../src/data-plane/compute/tasks.ts';
import { createLifecycle } from '../src/platform/lifecycle/lifecycle.ts';
import type { ComputeObservation } from '../src/platform/compute/compute-thread.ts';
import { startCompute } from '../src/startup/compute.ts';

export interface TestCompute extends Compute {
  /** The tasks that have ended. */
  readonly observed: readonly ComputeObservation[];
}

/** Prepares a compute thread for the tests in the file. */
export function useCompute(): TestCompute {
  const logger = pino({ level: 'silent' });
  const lifecycle = createLifecycle({ logger });
  const observed: ComputeObservation[] = [];
  let compute: Compute | null = null;
  beforeAll(async () => {
    const observeCompute = () => (observation: ComputeObservation) =>
      void observed.push(observation);
    compute = await startCompute({ logger, lifecycle }, { observeCompute });
  });
  afterAll(() => lifecycle.stop());
  const ready = (): Compute => {
    if (compute === null)
      throw new Error('The compute thread is only available from beforeAll on.');
    return compute;
  };
  return {
    observed,
    run: (task, computation) => ready().run(task, computation),
    stats: () => ready().stats(),
    close: () => ready().close(),
  };
}
