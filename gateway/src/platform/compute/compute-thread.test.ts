import { Worker } from 'node:worker_threads';

import { afterEach, describe, expect, it } from 'vitest';

import { Canceller } from '../cancellation.ts';
import {
  createComputeThread,
  type ComputeObservation,
  type ComputeThread,
  type ComputeThreadOptions,
} from './compute-thread.ts';

interface Tasks {
  /** Adds its name to the log, and returns the log. */
  readonly log: { input: string; output: readonly string[]; question: never; answer: never };
  readonly loop: { input: null; output: null; question: never; answer: never };
  readonly exhaust: { input: null; output: null; question: never; answer: never };
  readonly fail: { input: null; output: null; question: never; answer: never };
  /** Asks a question and returns the answer. */
  readonly ask: { input: string; output: string; question: string; answer: string };
  readonly loopAfterAsking: { input: null; output: null; question: string; answer: string };
}

/** A thread in plain JavaScript that speaks the protocol of `serveTasks`. */
const program = `
  const { parentPort } = require('node:worker_threads');
  const log = [];
  const loop = () => { for (;;); };
  const done = (id, output) => parentPort.postMessage({ kind: 'DONE', id, output });
  const ask = (id, content) => parentPort.postMessage({ kind: 'QUESTION', id, question: 1, content });
  const asked = new Map();
  parentPort.on('message', ({ kind, id, task, input, answer }) => {
    if (kind === 'FORGET') return;
    if (kind === 'ANSWER') asked.get(id)(answer);
    else if (task === 'log') { log.push(input); done(id, [...log]); }
    else if (task === 'loop') loop();
    else if (task === 'exhaust') { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }
    else if (task === 'fail') parentPort.postMessage({ kind: 'FAILED', id, stack: 'the stack' });
    else if (task === 'ask') { asked.set(id, (given) => done(id, given)); ask(id, input); }
    else { asked.set(id, loop); ask(id, ''); }
    setImmediate(() => parentPort.postMessage({ kind: 'TURN_OVER' }));
  });
  parentPort.postMessage({ kind: 'READY' });
`;

const opened: ComputeThread<Tasks>[] = [];
const workers: Worker[] = [];
afterEach(async () => {
  for (const thread of opened.splice(0)) await thread.close();
  workers.length = 0;
});

function open(options: Partial<ComputeThreadOptions> = {}) {
  const observed: ComputeObservation[] = [];
  const troubles: unknown[] = [];
  const thread = createComputeThread<Tasks>({
    startWorker: () => {
      const worker = new Worker(program, {
        eval: true,
        resourceLimits: { maxOldGenerationSizeMb: 16 },
      });
      workers.push(worker);
      return worker;
    },
    observe: (observation) => observed.push(observation),
    onTrouble: (error) => troubles.push(error),
    ...options,
  });
  opened.push(thread);
  return { thread, observed, troubles };
}

const log = (thread: ComputeThread<Tasks>, owner: string, input: string) =>
  thread.run('log', { owner, input });

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((given) => (resolve = given));
  return { promise, resolve };
}

describe('the compute thread', () => {
  it('starts at its first task and ends when it is closed', async () => {
    const { thread } = open();
    expect(workers).toHaveLength(0);
    expect(await log(thread, 'a', 'first')).toEqual(['first']);
    expect(await log(thread, 'a', 'second')).toEqual(['first', 'second']);
    expect(workers).toHaveLength(1);
    await thread.close();
    // A thread that has ended has no id.
    expect(workers[0]?.threadId).toBe(-1);
    await expect(log(thread, 'a', 'third')).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('lets owners take turns', async () => {
    const { thread } = open();
    const all = await Promise.all([
      ...['a1', 'a2', 'a3'].map((name) => log(thread, 'a', name)),
      log(thread, 'b', 'b1'),
    ]);
    expect(all.reduce((longest, each) => (each.length > longest.length ? each : longest))).toEqual([
      'a1',
      'b1',
      'a2',
      'a3',
    ]);
  });

  it('runs other tasks while a task waits for an answer', async () => {
    const { thread } = open();
    const question = deferred<string>();
    const answer = deferred<string>();
    const asking = thread.run('ask', {
      owner: 'a',
      input: 'What?',
      answer: (content) => {
        question.resolve(content);
        return answer.promise;
      },
    });
    expect(await question.promise).toBe('What?');
    expect(await log(thread, 'b', 'between')).toEqual(['between']);
    answer.resolve('That.');
    expect(await asking).toBe('That.');
  });

  it('refuses tasks beyond the limits in total and for each owner', async () => {
    const { thread, observed } = open({ maxTasks: 3, maxTasksPerOwner: 2 });
    const accepted = [log(thread, 'a', '1'), log(thread, 'a', '2')];
    const overloaded = { code: 'OVERLOADED', headers: { 'retry-after': '1' } };
    await expect(log(thread, 'a', '3')).rejects.toMatchObject(overloaded);
    accepted.push(log(thread, 'b', '3'));
    await expect(log(thread, 'c', '4')).rejects.toMatchObject(overloaded);
    await Promise.all(accepted);
    expect(await log(thread, 'c', '5')).toHaveLength(4);
    expect(observed.map(({ outcome }) => outcome)).toEqual([
      'refused',
      'refused',
      'done',
      'done',
      'done',
      'done',
    ]);
  });

  it('refuses a task that cannot start in time', async () => {
    const { thread, observed } = open({
      waitMs: 10,
      // Runs, but never becomes ready.
      startWorker: () => new Worker('setInterval(() => {}, 1000)', { eval: true }),
    });
    await expect(log(thread, 'a', 'late')).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(observed).toMatchObject([{ task: 'log', outcome: 'refused' }]);
    expect(thread.stats()).toMatchObject({ waiting: 0 });
  });

  it('ends with a task that computes for too long, and starts again for those that wait', async () => {
    const { thread, observed } = open({ turnMs: 100 });
    const asked = deferred<string>();
    const asking = thread.run('ask', {
      owner: 'a',
      input: '',
      answer: (content) => {
        asked.resolve(content);
        return new Promise(() => undefined);
      },
    });
    await asked.promise;
    const looping = thread.run('loop', { owner: 'a', input: null });
    const waiting = log(thread, 'b', 'after');
    await expect(looping).rejects.toMatchObject({ code: 'TIMEOUT' });
    // The statement that it asked for might have been committed.
    await expect(asking).rejects.toThrow('It is unknown whether');
    expect(await waiting).toEqual(['after']);
    expect(workers).toHaveLength(2);
    const stopped = observed.find(({ task }) => task === 'loop');
    expect(stopped).toMatchObject({ outcome: 'stopped' });
    expect(stopped?.seconds).toBeGreaterThanOrEqual(0.1);
  });

  it('limits the time after an answer, too', async () => {
    const { thread } = open({ turnMs: 100 });
    const computation = { owner: 'a', input: null, answer: () => Promise.resolve('') };
    await expect(thread.run('loopAfterAsking', computation)).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('survives a task that needs too much memory', async () => {
    const { thread, troubles } = open();
    await expect(thread.run('exhaust', { owner: 'a', input: null })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect(troubles[0]).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
    expect(await log(thread, 'a', 'after')).toEqual(['after']);
  });

  it('reports an unexpected error in a task', async () => {
    const { thread } = open();
    const failing = thread.run('fail', { owner: 'a', input: null });
    await expect(failing).rejects.toMatchObject({ cause: 'the stack' });
  });

  it('does not start again and again if it cannot start', async () => {
    let starts = 0;
    const { thread, troubles } = open({
      startWorker: () => {
        starts += 1;
        return new Worker('throw new Error("broken")', { eval: true });
      },
    });
    await expect(log(thread, 'a', '1')).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(starts).toBe(1);
    expect(troubles).toHaveLength(1);
  });

  it('forgets a task whose client has disconnected', async () => {
    const { thread, observed } = open();
    const signal = new Canceller();
    const waiting = thread.run('log', { owner: 'a', input: 'gone', signal });
    signal.abort(new Error('The client disconnected.'));
    await expect(waiting).rejects.toThrow('The client disconnected.');
    expect(await log(thread, 'a', 'next')).toEqual(['next']);
    expect(observed.map(({ outcome }) => outcome)).toEqual(['cancelled', 'done']);
    expect(thread.stats()).toMatchObject({ waiting: 0 });
  });
});
