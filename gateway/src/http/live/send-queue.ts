import type { Outlet } from '../../data-plane/live/outlet.ts';
import type { ByteList } from '../../platform/bytes.ts';

/**
 * Sends the messages of one connection, one after another. Subscriptions leave their results where they are until it is
 * their turn, so that a connection whose client does not read has few results in memory, however many subscriptions it
 * has.
 */
export class SendQueue implements Outlet {
  /** Resolves when the client can read more. Never rejects. */
  readonly #write: (message: ByteList) => Promise<void>;
  readonly #waiting = new Set<() => void>();
  #last: Promise<void> = Promise.resolve();
  #unsent = 0;
  #isOpening = false;

  constructor(write: (message: ByteList) => Promise<void>) {
    this.#write = write;
  }

  get isOpen(): boolean {
    return this.#unsent === 0;
  }

  onOpen(callback: () => void): void {
    this.#waiting.add(callback);
    this.#openNext();
  }

  /** The promise resolves when further messages can be sent, also if the connection is closed before. */
  send(message: ByteList): Promise<void> {
    this.#unsent += 1;
    this.#last = this.#last
      .then(() => this.#write(message))
      .then(() => {
        this.#unsent -= 1;
        this.#openNext();
      });
    return this.#last;
  }

  /** Calls one of those that wait. It sends its result, if it has one, before the next one is called. */
  #openNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || !this.isOpen || this.#isOpening) return;
    this.#waiting.delete(next);
    this.#isOpening = true;
    next();
    setImmediate(() => {
      this.#isOpening = false;
      this.#openNext();
    });
  }
}
