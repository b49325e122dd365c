// A gateway that is killed again and again while SQL changes rows. A client follows the changes by their cursors.
import { once } from 'node:events';

import type pg from 'pg';
import { WebSocket } from 'ws';

import type { BenchProject } from '../project-api/project.ts';
import { webSocketUrl } from './idle.ts';
import { sleep, type Part } from './part.ts';
import { atMost, figure } from './report.ts';
import { fillRooms, idOf, roomsSdl } from './rooms.ts';
import type { RunningGateway } from './world.ts';

const writers = 2;
const pauseMs = 5;
/** How long a gateway runs before it is killed. */
const aliveMs = 300;
/** How long the client waits for the last changes. */
const catchUpMs = 20_000;

export const kills: Part = async (world, options) => {
  const rounds = Math.max(1, Math.round(20 * options.scale));
  let gateway = await world.start();
  const project = await world.createProject(roomsSdl, fillRooms(1, 0, 0));
  const follower = new Follower(project, await cursorNow(gateway, project));
  await follower.connect(webSocketUrl(gateway, project));
  const connections = await Promise.all(
    Array.from({ length: writers }, () => world.connect(project)),
  );
  const controller = new AbortController();
  const writing = connections.map((client, index) => write(client, index, controller.signal));
  for (let round = 0; round < rounds; round += 1) {
    // The kill falls into any phase of a poll and of a read.
    await sleep(aliveMs + Math.random() * aliveMs);
    gateway.inspector.close();
    await gateway.kill();
    gateway = await world.start();
    await follower.connect(webSocketUrl(gateway, project));
  }
  controller.abort();
  const written = (await Promise.all(writing)).flat();
  const isComplete = () => written.every((text) => follower.seen.has(text));
  for (const endAt = performance.now() + catchUpMs; !isComplete() && performance.now() < endAt;) {
    await sleep(50);
  }
  await Promise.all(connections.map((client) => client.end()));
  follower.close();
  const lost = written.filter((text) => !follower.seen.has(text)).length;
  return [
    atMost(`${rounds} kills: changes lost of ${written.length}`, lost, 0, ''),
    atMost(`${rounds} kills: events out of order`, follower.disordered, 0, ''),
    figure(`${rounds} kills: events sent twice`, follower.repeated),
  ];
};

/** Inserts messages, each in a transaction that writes before and after another one can. @returns their texts */
async function write(client: pg.Client, writer: number, signal: AbortSignal): Promise<string[]> {
  const written: string[] = [];
  const insert = (text: string) =>
    client.query(
      `INSERT INTO message (id, text, sender, room_id, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 'SQL', $2, now(), clock_timestamp())`,
      [text, idOf('a', 1)],
    );
  while (!signal.aborted) {
    const texts = [0, 1].map((part) => `${writer} ${written.length + part}`);
    await client.query('BEGIN');
    for (const text of texts) {
      await insert(text);
      await sleep(Math.random() * pauseMs);
    }
    await client.query('COMMIT');
    written.push(...texts);
  }
  return written;
}

/** The place in the log from which on changes are counted. */
async function cursorNow({ origin }: RunningGateway, { ref, key }: BenchProject): Promise<string> {
  const response = await fetch(`${origin}/p/${ref}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ changesCursor }' }),
  });
  const { data } = (await response.json()) as { data: { changesCursor: string } };
  return data.changesCursor;
}

/** A client that continues its stream after the last cursor. */
class Follower {
  /** The texts of the messages whose creation it has seen. */
  readonly seen = new Set<string>();
  repeated = 0;
  /** Events of a writer that came before an earlier one. */
  disordered = 0;
  readonly #key: string;
  readonly #latest = new Map<string, number>();
  #cursor: string;
  #socket: WebSocket | null = null;

  constructor({ key }: BenchProject, cursor: string) {
    this.#key = key;
    this.#cursor = cursor;
  }

  async connect(url: string): Promise<void> {
    this.close();
    const socket = new WebSocket(url, 'graphql-transport-ws');
    this.#socket = socket;
    // The gateway is killed while the socket is open.
    socket.on('error', () => undefined);
    await once(socket, 'open');
    const subscribed = new Promise<void>((resolve) =>
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message;
        if (message.type === 'connection_ack') {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: this.#request() }));
          // The answer to the ping says that the message before it was read.
          socket.send(JSON.stringify({ type: 'ping' }));
        } else if (message.type === 'pong') resolve();
        else this.#take(message);
      }),
    );
    socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey: this.#key } }));
    await subscribed;
  }

  close(): void {
    this.#socket?.terminate();
  }

  #request() {
    return {
      query: `subscription ($after: Cursor!) {
        messageChanges(after: $after) { cursor operation node { text } }
      }`,
      variables: { after: this.#cursor },
    };
  }

  #take({ payload }: Message): void {
    const change = payload?.data?.messageChanges;
    if (change === undefined) throw new Error(`Unexpected message: ${JSON.stringify(payload)}`);
    const { cursor, node } = change;
    this.#cursor = cursor;
    if (this.seen.has(node.text)) this.repeated += 1;
    else {
      const [writer = '', number = ''] = node.text.split(' ');
      if (Number(number) < (this.#latest.get(writer) ?? -1)) this.disordered += 1;
      this.#latest.set(writer, Number(number));
    }
    this.seen.add(node.text);
  }
}

/** A message of the gateway about a stream of created messages. */
interface Message {
  readonly type: string;
  readonly payload?: {
    readonly data?: {
      readonly messageChanges: {
        readonly cursor: string;
        readonly node: { readonly text: string };
      };
    };
  };
}
