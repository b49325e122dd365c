/** The messages between the main thread and the compute thread. Their contents must be cloneable. */
export type MessageToThread =
  | { readonly kind: 'START'; readonly id: number; readonly task: string; readonly input: unknown }
  | {
      readonly kind: 'ANSWER';
      readonly id: number;
      readonly question: number;
      readonly answer: unknown;
    }
  /** The task was cancelled: its questions will not be answered. */
  | { readonly kind: 'FORGET'; readonly id: number };

export type MessageFromThread =
  | { readonly kind: 'READY' }
  | {
      readonly kind: 'QUESTION';
      readonly id: number;
      readonly question: number;
      readonly content: unknown;
    }
  | { readonly kind: 'DONE'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'FAILED'; readonly id: number; readonly stack: string }
  /** Everything that could be computed after the last message has been computed. */
  | { readonly kind: 'TURN_OVER' };

/** The types of a task's messages. A task without questions has `never` for both. */
export interface TaskTypes {
  readonly input: unknown;
  readonly output: unknown;
  /** What the task asks the main thread, such as to run a statement. */
  readonly question: unknown;
  readonly answer: unknown;
}
