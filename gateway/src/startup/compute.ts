import { Worker } from 'node:worker_threads';

import type { Compute } from '../data-plane/compute/tasks.ts';
import { createComputeThread } from '../platform/compute/compute-thread.ts';
import type { Lifecycle } from '../platform/lifecycle/lifecycle.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';

export interface ComputeOptions {
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** The entry is bundled beside the gateway's. From source, it is loaded by a script that registers tsx. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('../../scripts/lib/compute-thread-from-source.mjs', import.meta.url)
  : new URL('./compute-thread.js', import.meta.url);

/** Enough for the APIs of several of the largest schemas. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/** Prepares the compute thread, which starts at its first task. */
export function startCompute(
  { logger, lifecycle }: ComputeOptions,
  metrics: Pick<Metrics, 'observeCompute'>,
): Promise<Compute> {
  return lifecycle.start({
    name: 'compute thread',
    start: () => {
      const compute: Compute = createComputeThread({
        startWorker: () => new Worker(entry, { resourceLimits, env: {}, name: 'compute' }),
        observe: metrics.observeCompute(() => compute.stats()),
        onTrouble: (error) => logger.error({ err: error }, 'The compute thread ended'),
      });
      return compute;
    },
    stop: (compute) => compute.close(),
  });
}
