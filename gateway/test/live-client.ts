import { once } from 'node:events';

import { WebSocket, type ClientOptions } from 'ws';

/** A message of the gateway. */
export interface ServerMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket with the protocol `graphql-transport-ws` that sends exactly what a test says. */
export interface RawClient {
  readonly socket: WebSocket;
  /** The messages that were received and not taken by `next`. */
  readonly received: ServerMessage[];
  /** Resolves when the connection is closed. */
  readonly closed: Promise<Closed>;
  /** Sends a value as JSON, or a text or bytes as they are. */
  send(message: unknown): void;
  /** Returns the next message. @throws an Error if the connection is closed first */
  next(): Promise<ServerMessage>;
  /** Sends `connection_init` and waits for the acknowledgement. */
  init(payload?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs an operation until it is complete, and returns its messages without the id. */
  run(query: string, more?: Readonly<Record<string, unknown>>): Promise<readonly ServerMessage[]>;
}

export interface RawClientOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly socket?: ClientOptions;
}

interface Taker {
  readonly resolve: (message: ServerMessage) => void;
  readonly reject: (error: Error) => void;
}

/** `http://…` becomes `ws://…`. */
const socketUrl = (endpoint: string): string => endpoint.replace(/^http/, 'ws');

/** @throws an Error with the status if the handshake fails */
export async function connectRaw(
  endpoint: string,
  {
    headers = {},
    protocols = ['graphql-transport-ws'],
    socket: options = {},
  }: RawClientOptions = {},
): Promise<RawClient> {
  const socket = new WebSocket(socketUrl(endpoint), [...protocols], { ...options, headers });
  const received: ServerMessage[] = [];
  const takers: Taker[] = [];
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      const error = new Error(`The connection was closed: ${code} ${reason.toString()}`);
      for (const { reject } of takers.splice(0)) reject(error);
    });
  });
  socket.on('message', (data: Buffer) => {
    // The gateway sends only messages of the protocol.
    const message = JSON.parse(data.toString()) as ServerMessage;
    const taker = takers.shift();
    if (taker === undefined) received.push(message);
    else taker.resolve(message);
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  let lastId = 0;
  const client: RawClient = {
    socket,
    received,
    closed,
    send(message) {
      const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
      socket.send(isRaw ? message : JSON.stringify(message));
    },
    next() {
      const message = received.shift();
      if (message !== undefined) return Promise.resolve(message);
      if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('Closed.'));
      return new Promise((resolve, reject) => takers.push({ resolve, reject }));
    },
    async init(payload) {
      client.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
      const { type } = await client.next();
      if (type !== 'connection_ack') throw new Error(`Not acknowledged: ${type}`);
    },
    async run(query, more = {}) {
      const id = `run-${(lastId += 1)}`;
      client.send({ id, type: 'subscribe', payload: { query, ...more } });
      const messages: ServerMessage[] = [];
      for (;;) {
        const { type, payload } = await client.next();
        messages.push(payload === undefined ? { type } : { type, payload });
        if (type !== 'next') return messages;
      }
    },
  };
  return client;
}

/** Tries to open a WebSocket that the gateway refuses. Returns the response to the handshake. */
export async function refusedHandshake(
  endpoint: string,
  { headers = {}, protocols = ['graphql-transport-ws'] }: RawClientOptions = {},
): Promise<{ readonly status: number; readonly code: unknown; readonly headers: object }> {
  const socket = new WebSocket(socketUrl(endpoint), [...protocols], { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => reject(new Error('The handshake was not refused.')));
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        // Refusals have this form.
        const body = (text.startsWith('{') ? JSON.parse(text) : {}) as { error?: { code: string } };
        const { statusCode: status = 0, headers: sent } = response;
        resolve({ status, code: body.error?.code, headers: sent });
      });
    });
  });
}
