import type { MessagePort } from 'node:worker_threads';

import { assertNever } from '../assert-never.ts';
import type { MessageFromThread, MessageToThread, TaskTypes } from './messages.ts';

/** One function for each task. It can ask the main thread questions, and waits for the answers. */
export type TaskHandlers<Tasks extends Record<keyof Tasks, TaskTypes>> = {
  readonly [Name in keyof Tasks]: (
    input: Tasks[Name]['input'],
    ask: (question: Tasks[Name]['question']) => Promise<Tasks[Name]['answer']>,
  ) => Tasks[Name]['output'] | Promise<Tasks[Name]['output']>;
};

/**
 * Runs tasks for the main thread. Called once, in the compute thread.
 * @param transfersOf returns the memory of an output that is handed to the main thread instead of copied
 */
export function serveTasks<Tasks extends Record<keyof Tasks, TaskTypes>>(
  port: MessagePort,
  handlers: TaskHandlers<Tasks>,
  transfersOf: (output: Tasks[keyof Tasks]['output']) => readonly ArrayBuffer[] = () => [],
): void {
  const tell = (message: MessageFromThread, transfers: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...transfers]);
  /** The functions that continue a task after an answer, by task and question. */
  const waiting = new Map<number, Map<number, (answer: unknown) => void>>();

  const start = async (id: number, task: string, input: unknown): Promise<void> => {
    let questions = 0;
    const continuations = new Map<number, (answer: unknown) => void>();
    waiting.set(id, continuations);
    const ask = (content: unknown): Promise<unknown> => {
      questions += 1;
      const question = questions;
      return new Promise((resolve) => {
        continuations.set(question, resolve);
        tell({ kind: 'QUESTION', id, question, content });
      });
    };
    try {
      // The main thread sends only the names of tasks and their inputs, both typed by `Tasks`.
      const handler = handlers[task as keyof Tasks];
      const output = await handler(input, ask);
      tell({ kind: 'DONE', id, output }, transfersOf(output));
    } catch (error) {
      tell({
        kind: 'FAILED',
        id,
        stack: error instanceof Error ? (error.stack ?? '') : String(error),
      });
    } finally {
      waiting.delete(id);
    }
  };

  port.on('message', (message: MessageToThread) => {
    switch (message.kind) {
      case 'START':
        void start(message.id, message.task, message.input);
        break;
      case 'ANSWER':
        waiting.get(message.id)?.get(message.question)?.(message.answer);
        waiting.get(message.id)?.delete(message.question);
        break;
      case 'FORGET':
        waiting.delete(message.id);
        return;
      default:
        assertNever(message);
    }
    // All promises that can settle have settled by then.
    setImmediate(() => tell({ kind: 'TURN_OVER' }));
  });
  tell({ kind: 'READY' });
}
