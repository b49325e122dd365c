import { MessageType } from 'graphql-ws';

import { ByteList, bytesOf } from '../../platform/bytes.ts';
import { defaultJsonLimits, exceededLimit } from '../../graphql/json-limits.ts';

/** A message of a client. The request of `subscribe` is not parsed yet. */
export type ClientMessage =
  | {
      readonly type: MessageType.ConnectionInit | MessageType.Ping | MessageType.Pong;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly type: MessageType.Subscribe; readonly id: string; readonly body: Buffer }
  | { readonly type: MessageType.Complete; readonly id: string };

/** The message is not one of the protocol. Its text explains this to the client. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

/** The payload of `connection_init` and `ping` has credentials only. */
const maxPayloadBytes = 65_536;
const maxIdLength = 256;

/**
 * Reads a message of the protocol `graphql-transport-ws`. Only its outer object is read, so that a long request can be
 * parsed like the body of an HTTP request.
 * @throws BadMessageError
 */
export function readMessage(data: Buffer): ClientMessage {
  const members = membersOf(data);
  const type = parseMember(members, 'type');
  switch (type) {
    case MessageType.ConnectionInit:
    case MessageType.Ping:
    case MessageType.Pong:
      return { type, payload: payloadOf(members) };
    case MessageType.Subscribe: {
      const body = members.get('payload');
      if (body?.[0] !== openBrace) throw new BadMessageError('The payload must be an object.');
      return { type, id: idOf(members), body };
    }
    case MessageType.Complete:
      return { type, id: idOf(members) };
    default:
      throw new BadMessageError('The type of the message is unknown.');
  }
}

type Members = ReadonlyMap<string, Buffer>;

function parseMember(members: Members, name: string): unknown {
  const text = members.get(name);
  if (text === undefined) return undefined;
  if (text.length > maxPayloadBytes || exceededLimit(text, defaultJsonLimits) !== null) {
    throw new BadMessageError(`The member "${name}" is too large.`);
  }
  try {
    return JSON.parse(text.toString());
  } catch {
    throw new BadMessageError('The message is not valid JSON.');
  }
}

function idOf(members: Members): string {
  const id = parseMember(members, 'id');
  if (typeof id === 'string' && id !== '' && id.length <= maxIdLength) return id;
  throw new BadMessageError(`The id must be a string of 1 to ${maxIdLength} characters.`);
}

function payloadOf(members: Members): Readonly<Record<string, unknown>> {
  const payload = parseMember(members, 'payload') ?? {};
  if (typeof payload !== 'object' || Array.isArray(payload)) {
    throw new BadMessageError('The payload must be an object.');
  }
  // An object that was parsed from JSON has string keys.
  return payload as Readonly<Record<string, unknown>>;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Returns the members of a JSON object as their texts, which are not checked.
 * @throws BadMessageError
 */
function membersOf(data: Buffer): Members {
  const members = new Map<string, Buffer>();
  let at = expect(data, 0, openBrace);
  if (data[skipSpace(data, at)] === closeBrace) {
    endOfMessage(data, skipSpace(data, at) + 1);
    return members;
  }
  for (;;) {
    const nameStart = skipSpace(data, at);
    if (data[nameStart] !== quote) throw notAnObject();
    const nameEnd = endOfString(data, nameStart);
    const valueStart = skipSpace(data, expect(data, nameEnd, colon));
    at = endOfValue(data, valueStart);
    members.set(data.toString('utf8', nameStart + 1, nameEnd - 1), data.subarray(valueStart, at));
    const next = skipSpace(data, at);
    if (data[next] === closeBrace) {
      endOfMessage(data, next + 1);
      return members;
    }
    at = expect(data, next, comma);
  }
}

const notAnObject = () => new BadMessageError('The message must be a JSON object.');

/** Returns the position after the next byte that is not space, which must be `byte`. */
function expect(data: Buffer, at: number, byte: number): number {
  const next = skipSpace(data, at);
  if (data[next] !== byte) throw notAnObject();
  return next + 1;
}

function endOfMessage(data: Buffer, at: number): void {
  if (skipSpace(data, at) !== data.length) throw notAnObject();
}

/** The whitespace of JSON: RFC 8259, section 2. */
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function skipSpace(data: Buffer, start: number): number {
  let at = start;
  while (isSpace(data[at])) at += 1;
  return at;
}

/** Returns the position after the quote that ends a string. */
function endOfString(data: Buffer, start: number): number {
  for (let at = start + 1; at < data.length; at += 1) {
    if (data[at] === backslash) at += 1;
    else if (data[at] === quote) return at + 1;
  }
  throw notAnObject();
}

/** Returns the position after the value that begins at `start`. */
function endOfValue(data: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < data.length) {
    const byte = data[at];
    if (byte === quote) at = endOfString(data, at);
    else {
      const closes = byte === closeBrace || byte === closeBracket;
      if (depth === 0 && (closes || byte === comma || isSpace(byte))) break;
      if (byte === openBrace || byte === openBracket) depth += 1;
      if (closes) depth -= 1;
      at += 1;
    }
    if (depth === 0 && (data[start] === openBrace || data[start] === openBracket)) break;
  }
  if (at === start || depth > 0) throw notAnObject();
  return at;
}

/** Messages without an id. */
export const ackMessage = ByteList.of('{"type":"connection_ack"}');
export const pongMessage = ByteList.of('{"type":"pong"}');

/** @param payload an execution result as JSON */
export function nextMessage(id: string, payload: ByteList): ByteList {
  return new ByteList()
    .add(bytesOf(`{"id":${JSON.stringify(id)},"type":"next","payload":`))
    .addAll(payload)
    .add(bytesOf('}'));
}

/** @param errors a list of GraphQL errors as JSON */
export function errorMessage(id: string, errors: string): ByteList {
  return ByteList.of(`{"id":${JSON.stringify(id)},"type":"error","payload":${errors}}`);
}

export function completeMessage(id: string): ByteList {
  return ByteList.of(`{"id":${JSON.stringify(id)},"type":"complete"}`);
}
