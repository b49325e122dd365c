// @ts-check
// The entry of the compute thread when the gateway runs from source. A thread does not inherit the loader of its
// process, so it must be registered again.
import { register } from 'tsx/esm/api';

register();
await import('../../src/compute-thread.ts');
