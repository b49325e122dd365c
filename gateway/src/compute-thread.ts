// The entry of the compute thread. The main thread starts it at the first task.
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { createTaskHandlers, transfersOf } from './data-plane/compute/tasks.ts';
import { serveTasks } from './platform/compute/serve-tasks.ts';

if (parentPort === null) throw new Error('This module runs only in a worker thread.');
// On a busy machine, the main thread goes first. Linux applies this to the calling thread only: setpriority(2).
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
serveTasks(parentPort, createTaskHandlers(), transfersOf);
