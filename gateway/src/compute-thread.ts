// The entry of the compute thread. The main thread starts it at the first task.
import { parentPort } from 'node:worker_threads';

import { createTaskHandlers } from './data-plane/compute/tasks.ts';
import { serveTasks } from './platform/compute/serve-tasks.ts';

if (parentPort === null) throw new Error('This module runs only in a worker thread.');
serveTasks(parentPort, createTaskHandlers());
