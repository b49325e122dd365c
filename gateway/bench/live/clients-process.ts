// The subscribers, as a separate process. It receives `ClientJob`s from its parent process and replies to each.
import { WebSocket } from 'ws';

import type { ClientFigures, ClientJob, Connection, Subscription } from './client-jobs.ts';

/** WebSockets that are being opened at once. A gateway limits those without `connection_ack`. */
const openingAtOnce = 100;
/** Subscriptions of one connection without a first result. */
const startingAtOnce = 20;

/** The close code of a gateway that is too busy. */
const overloaded = 1013;
const maxAttempts = 50;
const retryMs = 200;

interface Group {
  frames: number;
  bytes: number;
  times: number[];
  errors: number;
  error: string | null;
}

interface Client {
  readonly socket: WebSocket;
  readonly group: string;
  /** The subscriptions without a first result, by id. They are sent again if the gateway is too busy. */
  readonly starting: Map<string, { readonly resolve: () => void; readonly send: () => void }>;
  subscriptions: number;
}

const groups = new Map<string, Group>();
let clients: Client[] = [];
let isClosing = false;

process.on('message', (message) => {
  // Only the benchmark forks this program, and it sends only jobs.
  run(message as ClientJob).then(
    (answer) => process.send?.({ answer: answer ?? null }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function run(job: ClientJob): Promise<unknown> {
  switch (job.kind) {
    case 'OPEN':
      return open(job.url, job.connections);
    case 'SUBSCRIBE':
      return subscribeAll(job.subscriptions);
    case 'COUNT':
      groups.clear();
      return;
    case 'FIGURES':
      return figuresOf(groupOf(job.group));
    case 'STALL':
      for (const { socket, group } of clients) if (group === job.group) socket.pause();
      return;
    case 'CLOSE':
      return closeAll();
  }
}

async function open(url: string, connections: readonly Connection[]): Promise<void> {
  isClosing = false;
  await each(connections, openingAtOnce, async (connection) => {
    const client = await connectPatiently(connection.url ?? url, connection);
    clients.push(client);
    await each(connection.subscriptions, startingAtOnce, (each) => subscribe(client, each));
  });
}

async function subscribeAll(subscriptions: readonly Subscription[]): Promise<void> {
  const pairs = clients.flatMap((client, at) => {
    const subscription = subscriptions[at];
    return subscription === undefined ? [] : [{ client, subscription }];
  });
  await each(pairs, openingAtOnce, ({ client, subscription }) => subscribe(client, subscription));
}

async function closeAll(): Promise<void> {
  isClosing = true;
  await each(clients, openingAtOnce, async ({ socket }) => {
    if (socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.terminate();
    await closed;
  });
  clients = [];
  groups.clear();
}

/** Connects again if the gateway is too busy, as clients do after this code. */
async function connectPatiently(url: string, connection: Connection): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(url, connection);
    } catch (error) {
      if (attempt === maxAttempts || !String(error).includes(`closed with ${overloaded}`)) {
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

function connect(url: string, { group, payload }: Connection): Promise<Client> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  const client: Client = { socket, group, starting: new Map(), subscriptions: 0 };
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      if (isClosing) return;
      if (code !== overloaded) count(group, `closed with ${code} ${String(reason)}`);
      reject(new Error(`The connection was closed with ${code} ${String(reason)}.`));
      for (const { resolve: end } of client.starting.values()) end();
    });
    socket.on('message', (data: Buffer) => {
      if (data.includes('"type":"connection_ack"')) resolve(client);
      else receive(client, data);
    });
  });
}

/** Resolves with the first result, or when the stream has been accepted. */
function subscribe(client: Client, { query, variables = {} }: Subscription): Promise<void> {
  client.subscriptions += 1;
  const id = String(client.subscriptions);
  const send = () => {
    const payload = { query, variables };
    client.socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
  };
  send();
  return new Promise((resolve) => {
    client.starting.set(id, { resolve, send });
    // A stream sends nothing at first.
    if (/Changes\b/.test(query)) resolve();
  });
}

const idStart = '{"id":"'.length;

function receive({ group, starting }: Client, data: Buffer): void {
  if (starting.size > 0) {
    const id = data.toString('latin1', idStart, data.indexOf('"', idStart));
    const first = starting.get(id);
    if (first !== undefined && data.includes('"code":"OVERLOADED"')) {
      setTimeout(first.send, retryMs);
      return;
    }
    first?.resolve();
    starting.delete(id);
  }
  const start = data.toString('latin1', 0, 80);
  if (!start.includes('"type":"next","payload":{"data"')) {
    if (!start.includes('"type":"pong"')) count(group, data.toString('utf8', 0, 500));
    return;
  }
  const own = groupOf(group);
  own.frames += 1;
  own.bytes += data.length;
  const at = data.indexOf('"updatedAt":"');
  if (at >= 0) own.times.push(Date.now() - timeIn(data, at + '"updatedAt":"'.length));
}

let lastText = '';
let lastTime = 0;

/** The same time arrives in many frames. */
function timeIn(data: Buffer, start: number): number {
  const text = data.toString('latin1', start, data.indexOf('"', start));
  if (text !== lastText) {
    lastText = text;
    lastTime = Date.parse(text);
  }
  return lastTime;
}

function count(group: string, error: string): void {
  const own = groupOf(group);
  own.errors += 1;
  own.error ??= error;
}

function groupOf(name: string): Group {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = { frames: 0, bytes: 0, times: [], errors: 0, error: null };
  groups.set(name, group);
  return group;
}

function figuresOf({ frames, bytes, times, errors, error }: Group): ClientFigures {
  const sorted = Float64Array.from(times).sort();
  const quantile = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
  const [p50, p95, worst] = [quantile(0.5), quantile(0.95), quantile(1)];
  return { frames, bytes, p50, p95, worst, errors, error };
}

/** Runs `work` for all items, some of them at once. */
async function each<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
