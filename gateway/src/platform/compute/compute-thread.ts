import type { Worker } from 'node:worker_threads';

import { assertNever } from '../assert-never.ts';
import { abortReason, type Cancellation } from '../cancellation.ts';
import { requestErrors } from '../errors/request-errors.ts';
import { createFairQueue } from '../fair-queue.ts';
import type { MessageFromThread, MessageToThread, TaskTypes } from './messages.ts';

/**
 * A thread for computations that would delay all other requests on the main thread. Its tasks run one at a time, and
 * projects take turns. While a task waits for an answer from the main thread, other tasks run.
 */
export interface ComputeThread<Tasks extends Record<keyof Tasks, TaskTypes>> {
  /**
   * Runs a task. Starts the thread if it is not running.
   * @throws RequestError `OVERLOADED` if too many tasks are waiting or the task did not start in time; `TIMEOUT` if it
   *   exceeded its limit of time or memory; an unknown outcome if the thread ended after the task had asked a question
   * @throws the signal's reason
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    computation: Computation<Tasks[Name]>,
  ): Promise<Tasks[Name]['output']>;
  stats(): ComputeStats;
  /** Ends the thread. Its tasks fail with `OVERLOADED`. */
  close(): Promise<void>;
}

export interface Computation<Types extends TaskTypes> {
  /** Tasks with the same owner are one party in the turns. */
  readonly owner: string;
  readonly input: Types['input'];
  /** Answers the task's questions. The task waits for the promise, which must not reject. */
  readonly answer?: (question: Types['question']) => Promise<Types['answer']>;
  readonly signal?: Cancellation;
}

export interface ComputeStats {
  /** 1 while the thread computes, otherwise 0. */
  readonly busy: number;
  /** The number of turns that wait for the thread. */
  readonly waiting: number;
}

export type ComputeOutcome = 'done' | 'failed' | 'stopped' | 'refused' | 'cancelled';

export interface ComputeObservation {
  readonly task: string;
  readonly outcome: ComputeOutcome;
  /** The time for which the thread computed. */
  readonly seconds: number;
}

export interface ComputeThreadOptions {
  readonly startWorker: () => Worker;
  readonly observe: (observation: ComputeObservation) => void;
  /** Called if the thread ends by itself, such as for lack of memory, or cannot start. */
  readonly onTrouble: (error: unknown) => void;
  /** Maximum time for which a task can compute without a pause. @default 10000 */
  readonly turnMs?: number;
  /** Maximum time that a task waits for its first turn. @default 10000 */
  readonly waitMs?: number;
  /** Maximum number of tasks that are waiting or running. @default 200 */
  readonly maxTasks?: number;
  /** Maximum number of one owner's tasks that are waiting or running. @default 50 */
  readonly maxTasksPerOwner?: number;
}

/** A task that has not ended. */
interface Task {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly answer: ((question: unknown) => Promise<unknown>) | undefined;
  hasStarted: boolean;
  hasAsked: boolean;
  /** The time for which the thread has computed the task. */
  seconds: number;
  /** Removes the task's timer and listener, counts it, and settles its promise. */
  readonly end: (outcome: ComputeOutcome, settle: () => unknown) => void;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A message that lets a task compute. */
interface Turn {
  readonly task: Task;
  readonly message: MessageToThread;
}

const startTimeoutMs = 30_000;

export function createComputeThread<Tasks extends Record<keyof Tasks, TaskTypes>>(
  options: ComputeThreadOptions,
): ComputeThread<Tasks> {
  const { startWorker, observe, onTrouble, turnMs = 10_000, waitMs = 10_000 } = options;
  const { maxTasks = 200, maxTasksPerOwner = 50 } = options;
  const tasks = new Map<number, Task>();
  /** The number of tasks bounds the queue: each task waits for at most a few answers at a time. */
  const queue = createFairQueue<Turn>({ total: Infinity, perProject: Infinity });
  let lastId = 0;
  let worker: Worker | null = null;
  let isReady = false;
  let isClosed = false;
  let current: { readonly turn: Turn; readonly startedAt: number } | null = null;
  let timer: NodeJS.Timeout | undefined;

  const limitTime = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void stop(), ms);
    timer.unref();
  };

  /**
   * Ends the thread and the tasks that it has begun. The others wait for the next thread, unless this one could not
   * start.
   */
  const stop = (): Promise<unknown> | undefined => {
    clearTimeout(timer);
    const stopped = worker;
    const computing = current?.turn.task ?? null;
    const keepsWaiting = isReady && !isClosed;
    worker = null;
    isReady = false;
    const waiting = queue.takeAll();
    for (const task of [...tasks.values()]) {
      if (keepsWaiting && !task.hasStarted) continue;
      const error = errorOfStopped(task, task === computing);
      task.end('stopped', () => task.reject(error));
    }
    current = null;
    for (const turn of waiting) if (tasks.has(turn.task.id)) queue.add(turn.task.owner, turn);
    startNext();
    return stopped?.terminate();
  };

  const startNext = () => {
    if (queue.size === 0 || current !== null || isClosed) return;
    if (worker === null) {
      open();
      return;
    }
    if (!isReady) return;
    const turn = queue.next(() => true);
    if (turn === null) return;
    turn.task.hasStarted = true;
    current = { turn, startedAt: performance.now() };
    limitTime(turnMs);
    worker.postMessage(turn.message);
  };

  const open = () => {
    const opened = startWorker();
    worker = opened;
    opened.unref();
    opened.on('message', (message: MessageFromThread) => {
      if (worker === opened) receive(message);
    });
    const end = (error: unknown) => {
      if (worker !== opened) return;
      onTrouble(error);
      void stop();
    };
    // Such as ERR_WORKER_OUT_OF_MEMORY.
    opened.on('error', end);
    opened.on('exit', (code) => end(new Error(`The compute thread exited with code ${code}.`)));
    limitTime(startTimeoutMs);
  };

  const receive = (message: MessageFromThread) => {
    switch (message.kind) {
      case 'READY':
        isReady = true;
        clearTimeout(timer);
        {
          startNext();
          return;
        }
      case 'QUESTION': {
        const task = tasks.get(message.id);
        if (task !== undefined) void answer(task, message.question, message.content);
        return;
      }
      case 'DONE': {
        const task = tasks.get(message.id);
        return task?.end('done', () => task.resolve(message.output));
      }
      case 'FAILED': {
        const task = tasks.get(message.id);
        const error = new Error('A task of the compute thread failed.', { cause: message.stack });
        return task?.end('failed', () => task.reject(error));
      }
      case 'TURN_OVER': {
        clearTimeout(timer);
        if (current !== null) current.turn.task.seconds += secondsSince(current.startedAt);
        current = null;
        startNext();
        return;
      }
      default:
        return assertNever(message);
    }
  };

  const answer = async (task: Task, question: number, content: unknown): Promise<void> => {
    task.hasAsked = true;
    const given = await task.answer?.(content);
    if (!tasks.has(task.id)) return;
    const message = { kind: 'ANSWER', id: task.id, question, answer: given } as const;
    queue.add(task.owner, { task, message });
    startNext();
  };

  return {
    run(name, { owner, input, answer: answerQuestion, signal }) {
      signal?.throwIfAborted();
      const ofOwner = [...tasks.values()].filter((task) => task.owner === owner).length;
      if (isClosed || tasks.size >= maxTasks || ofOwner >= maxTasksPerOwner) {
        observe({ task: name, outcome: 'refused', seconds: 0 });
        return Promise.reject(requestErrors.overloaded());
      }
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const turn: Turn = {
          message: { kind: 'START', id, task: name, input },
          task: {
            id,
            name,
            owner,
            // The messages of a task have the types that `Tasks` declares for its name.
            answer: answerQuestion,
            hasStarted: false,
            hasAsked: false,
            seconds: 0,
            resolve: resolve,
            reject,
            end(outcome, settle) {
              if (!tasks.delete(id)) return;
              clearTimeout(waiting);
              signal?.removeEventListener('abort', cancel);
              const seconds = current?.turn.task.id === id ? secondsSince(current.startedAt) : 0;
              observe({ task: name, outcome, seconds: turn.task.seconds + seconds });
              settle();
            },
          },
        };
        const { task } = turn;
        const cancel = () => {
          queue.remove(owner, turn);
          // The thread cannot be interrupted: if it computes this task now, the output is discarded.
          if (task.hasStarted)
            worker?.postMessage({ kind: 'FORGET', id } satisfies MessageToThread);
          if (signal !== undefined) task.end('cancelled', () => reject(abortReason(signal)));
        };
        const waiting = setTimeout(() => {
          if (task.hasStarted) return;
          queue.remove(owner, turn);
          task.end('refused', () => reject(requestErrors.overloaded()));
        }, waitMs);
        waiting.unref();
        tasks.set(id, task);
        signal?.addEventListener('abort', cancel);
        queue.add(owner, turn);
        startNext();
      });
    },
    stats: () => ({ busy: current === null ? 0 : 1, waiting: queue.size }),
    async close() {
      isClosed = true;
      await stop();
    },
  };
}

function errorOfStopped({ hasAsked }: Task, isComputing: boolean): Error {
  if (isComputing) return requestErrors.tooMuchWork();
  // One of its statements may have been committed.
  return hasAsked
    ? requestErrors.outcomeUnknown(new Error('The compute thread stopped.'))
    : requestErrors.overloaded();
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}
