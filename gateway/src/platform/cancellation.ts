/**
 * The part of `AbortSignal` that the gateway uses. Requests use `Canceller` instead of an `AbortSignal`: creating a
 * signal and listening to it would take longer than all other HTTP handling of a quick request.
 */
export interface Cancellation {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A cancellation with a method to trigger it, like an `AbortController` and its signal in one object. */
export class Canceller implements Cancellation {
  aborted = false;
  reason: Error | undefined = undefined;
  readonly #listeners: (() => void)[] = [];

  /** Calls all listeners. Further calls have no effect. */
  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  throwIfAborted(): void {
    if (this.reason !== undefined) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }
}

/** Returns an aborted signal's reason as an Error. */
export function abortReason({ reason }: Cancellation): Error {
  return reason instanceof Error
    ? reason
    : new Error('The client disconnected.', { cause: reason });
}
