/**
 * What work needs of an `AbortSignal`, and what an `AbortSignal` is. Node's own takes longer to make, and to listen to,
 * than all else that a quick request needs of HTTP.
 */
export interface Cancellation {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A cancellation, and the means to it. */
export class Canceller implements Cancellation {
  aborted = false;
  reason: Error | undefined = undefined;
  readonly #listeners: (() => void)[] = [];

  /** Tells everybody who listens, once. */
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

/** What a signal that is aborted was aborted with. */
export function abortReason({ reason }: Cancellation): Error {
  return reason instanceof Error ? reason : new Error('The client went away.', { cause: reason });
}
