import { arrayText, quoteIdentifier, type PgValue } from '../../../engine/runtime.ts';

/** A statement to send to PostgreSQL, with the messages that precede it. */
export interface Message {
  /** Names of prepared statements to deallocate. */
  readonly dropped: readonly string[];
  /** The role to set before the statement, or null to keep the current role. */
  readonly role: string | null;
  /** Name of the prepared statement. Empty for an unnamed statement. */
  readonly name: string;
  /** Null if the statement is already prepared. */
  readonly text: string | null;
  readonly values: readonly (string | null)[];
}

/**
 * Encodes a message (manual, 54.7) that is sent in one write. PostgreSQL treats everything up to the single Sync at the
 * end as one unit (54.2.4). If the role cannot be set, the statement does not run. If the statement fails, the role is
 * unchanged. Columns are not described because no caller needs the description.
 */
export function encode({ dropped, role, name, text, values }: Message): Buffer {
  const run = bindAndRun(name, values, true);
  if (dropped.length === 0 && role === null && text === null) return run;
  const ahead = dropped.map((each) => frame('C', `S${each}\0`));
  if (role !== null) {
    ahead.push(parse('', `SET ROLE ${quoteIdentifier(role)}`), bindAndRun('', [], false));
  }
  if (text !== null) ahead.push(parse(name, text));
  return Buffer.concat([...ahead, run]);
}

/** Parameter types are left for the server to infer. */
const parse = (name: string, text: string): Buffer => frame('P', `${name}\0${text}\0\0\0`);

function frame(type: string, content: string): Buffer {
  const bytes = Buffer.from(`${type}\0\0\0\0${content}`);
  bytes.writeUInt32BE(bytes.length - 1, 1);
  return bytes;
}

/**
 * The end of every Bind message, which requests all results as text, followed by Execute for all rows of the unnamed
 * portal.
 */
const execute = Buffer.from('\0\0E\0\0\0\x09\0\0\0\0\0', 'latin1');
const executeAndSync = Buffer.concat([execute, Buffer.from('S\0\0\0\x04', 'latin1')]);
/** Type, length, unnamed portal, the name's terminator, number of formats (0 means all text), number of values. */
const bindBytes = 1 + 4 + 1 + 1 + 2 + 2;
const isNull = 0xffffffff;

/** Writes Bind and Execute into one buffer in a single pass, because every request needs them. */
function bindAndRun(name: string, values: readonly (string | null)[], syncs: boolean): Buffer {
  const end = syncs ? executeAndSync : execute;
  let size = bindBytes + name.length + end.length;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(size);
  bytes[0] = 0x42; // B
  bytes.writeUInt32BE(size - end.length + 1, 1);
  bytes[5] = 0;
  // Statement names are generated and contain only ASCII characters.
  let at = 6 + bytes.write(name, 6, 'latin1');
  bytes[at] = 0;
  bytes[at + 1] = 0;
  bytes[at + 2] = 0;
  at = bytes.writeUInt16BE(values.length, at + 3);
  for (const value of values) {
    if (value === null) {
      at = bytes.writeUInt32BE(isNull, at);
      continue;
    }
    const length = bytes.write(value, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  bytes.set(end, at);
  return bytes;
}

/** A parameter in PostgreSQL's text format: `['a', null]` → `{"a",NULL}`. */
export function parameterText(value: PgValue): string | null {
  if (typeof value === 'string' || value === null) return value;
  return typeof value === 'object' ? arrayText(value) : String(value);
}
