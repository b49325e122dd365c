import { arrayText, quoteIdentifier, type PgValue } from '../../../engine/runtime.ts';

/** One statement as it goes over the wire, and what goes ahead of it. */
export interface Message {
  /** Prepared statements to deallocate. */
  readonly dropped: readonly string[];
  /** The role to become first; null to stay. */
  readonly role: string | null;
  /** Of the prepared statement; empty for none. */
  readonly name: string;
  /** Null where the statement is prepared already. */
  readonly text: string | null;
  readonly values: readonly (string | null)[];
}

/**
 * The bytes of a message (manual, 54.7), to be sent in one write. Up to the one Sync at the end everything is one unit
 * for PostgreSQL (54.2.4): where the role cannot be set, the statement is not run, and where the statement fails, the
 * role is as it was before. Columns are not described, since no caller needs that.
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

/** The types of parameters are for the server to find. */
const parse = (name: string, text: string): Buffer => frame('P', `${name}\0${text}\0\0\0`);

function frame(type: string, content: string): Buffer {
  const bytes = Buffer.from(`${type}\0\0\0\0${content}`);
  bytes.writeUInt32BE(bytes.length - 1, 1);
  return bytes;
}

/** The end of every Bind: all results as text. Then Execute of the unnamed portal, all its rows. */
const execute = Buffer.from('\0\0E\0\0\0\x09\0\0\0\0\0', 'latin1');
const executeAndSync = Buffer.concat([execute, Buffer.from('S\0\0\0\x04', 'latin1')]);
/** Type, length, the unnamed portal, the end of the name, no formats (all text), the number of values. */
const bindBytes = 1 + 4 + 1 + 1 + 2 + 2;
const isNull = 0xffffffff;

/** Bind and Execute, in one buffer that is written from front to end: every request needs these. */
function bindAndRun(name: string, values: readonly (string | null)[], syncs: boolean): Buffer {
  const end = syncs ? executeAndSync : execute;
  let size = bindBytes + name.length + end.length;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(size);
  bytes[0] = 0x42; // B
  bytes.writeUInt32BE(size - end.length + 1, 1);
  bytes[5] = 0;
  // Names are ours, and ASCII.
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
