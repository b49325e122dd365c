import { Socket } from 'node:net';
import { vi } from 'vitest';

export interface SentMessages {
  /** The SQL of prepared statements (Parse), in order. Statements that were run again by name are not included. */
  readonly prepared: readonly string[];
  /** The names of the statements that were run (Bind). The name of an unnamed statement is empty. */
  readonly run: readonly string[];
}

/** Records the messages that this process sends to PostgreSQL over unencrypted sockets, until mocks are restored. */
export function watchSentMessages(): SentMessages {
  const prepared: string[] = [];
  const run: string[] = [];
  const write = vi.spyOn(Socket.prototype, 'write');
  const original = write.getMockImplementation() ?? realWrite;
  write.mockImplementation(function (this: Socket, ...args: unknown[]): boolean {
    const [bytes] = args;
    if (Buffer.isBuffer(bytes)) {
      for (const { type, texts } of messagesIn(bytes)) {
        if (type === 'P') prepared.push(texts[1] ?? '');
        if (type === 'B') run.push(texts[1] ?? '');
      }
    }
    return Boolean(Reflect.apply(original, this, args));
  });
  return { prepared, run };
}

// The function is only called with the socket as `this`.
// eslint-disable-next-line @typescript-eslint/unbound-method
const realWrite = Socket.prototype.write;

/** Splits a message into its type and its zero-terminated strings (PostgreSQL manual, 54.7). */
function* messagesIn(bytes: Buffer): Generator<{ type: string; texts: readonly string[] }> {
  for (let at = 0; at + 5 <= bytes.length;) {
    const type = bytes.toString('latin1', at, at + 1);
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (!/[A-Za-z]/.test(type) || end > bytes.length) return;
    yield { type, texts: bytes.toString('utf8', at + 5, end).split('\0') };
    at = end;
  }
}
