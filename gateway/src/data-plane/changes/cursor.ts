/** A place in the change log of a project: after the change with number `seq` of the transaction at position `pos`. */
export interface LogPosition {
  /** The log that the position belongs to. A restored or cloned log begins a new epoch. */
  readonly epoch: string;
  readonly pos: bigint;
  readonly seq: bigint;
}

/** The `seq` of a place after all changes of a transaction. */
export const endOfCommit = 2n ** 63n - 1n;

const bytes = 32;

/**
 * The text of a position, for clients: base64url of the epoch, `pos` and `seq`. The function `$changes_cursor` in the
 * database makes the same text.
 */
export function encodeCursor({ epoch, pos, seq }: LogPosition): string {
  const buffer = Buffer.alloc(bytes);
  buffer.write(epoch.replaceAll('-', ''), 'hex');
  buffer.writeBigInt64BE(pos, 16);
  buffer.writeBigInt64BE(seq, 24);
  return buffer.toString('base64url');
}

/** Returns null for text that is not a cursor. */
export function decodeCursor(text: string): LogPosition | null {
  const buffer = Buffer.from(text, 'base64url');
  if (buffer.length !== bytes || buffer.toString('base64url') !== text) return null;
  const hex = buffer.toString('hex', 0, 16);
  const epoch = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([start, end]) => hex.slice(start, end))
    .join('-');
  const [pos, seq] = [buffer.readBigInt64BE(16), buffer.readBigInt64BE(24)];
  return pos < 0n || seq < 0n ? null : { epoch, pos, seq };
}
