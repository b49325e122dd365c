import pg from 'pg';
import { startGateway, type GatewayProcess } from '../process.ts';

export interface KillOptions {
  /** The environment of all gateways, with the database and the keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly gateway: GatewayProcess;
  /** A project with the model of `killSdl`. */
  readonly project: { readonly ref: string; readonly key: string };
  readonly kills: number;
}

export interface KillOutcome {
  /** The gateway that runs at the end. */
  readonly gateway: GatewayProcess;
  readonly rows: number;
  readonly writes: { readonly byApi: number; readonly bySql: number };
  readonly events: number;
  readonly reconnects: number;
  /** The rows that the replica does not have, has with other values, or still has although they were deleted. */
  readonly lost: readonly string[];
  /** The events that showed an earlier version of a row than one before. */
  readonly wentBack: number;
}

export const killSdl = `type Counter @model @live { id: Int! @id  value: Int! }`;

/**
 * Kills gateways with SIGKILL while two writers change rows, one over the API and one by SQL, and a stream of changes
 * keeps a copy of the rows. After each kill, another gateway is started on the same database.
 */
export async function followThroughKills(options: KillOptions): Promise<KillOutcome> {
  const { project, env } = options;
  const state: State = { origin: options.gateway.origin, isOver: false, byApi: 0 };
  const replica = new SseReplica(project, state);
  await replica.connect();
  const following = replica.run();
  const byApi = writeByApi(project, state);
  const bySql = writeBySql(project.ref, env['DATABASE_URL'] ?? '', state);
  let { gateway } = options;
  try {
    for (let kill = 0; kill < options.kills; kill += 1) {
      const before = { events: replica.events, byApi: state.byApi };
      await replica.reaches(
        () => replica.events >= before.events + 20 && state.byApi >= before.byApi + 10,
      );
      gateway.kill('SIGKILL');
      await gateway.ended;
      gateway = await startGateway({ env });
      state.origin = gateway.origin;
    }
    const after = replica.events;
    await replica.reaches(() => replica.events >= after + 20);
  } finally {
    state.isOver = true;
    await Promise.all([byApi, bySql]);
  }
  const writes = { byApi: state.byApi, bySql: await bySql };
  const rows = await readRows(project.ref, env['DATABASE_URL'] ?? '');
  await replica.reaches(() => differences(rows, replica.rows).length === 0).catch(() => undefined);
  replica.close();
  await following;
  const { events, reconnects, wentBack } = replica;
  const lost = differences(rows, replica.rows);
  return { gateway, rows: rows.size, writes, events, reconnects, wentBack, lost };
}

type Rows = ReadonlyMap<number, number>;

function differences(rows: Rows, replica: Rows): readonly string[] {
  const ids = new Set([...rows.keys(), ...replica.keys()]);
  return [...ids].flatMap((id) => {
    const [is, has] = [rows.get(id), replica.get(id)];
    return is === has ? [] : [`${id}: is ${is ?? 'deleted'}, the replica has ${has ?? 'nothing'}`];
  });
}

interface State {
  origin: string;
  isOver: boolean;
  /** The writes over the API that were successful. */
  byApi: number;
}

type Project = KillOptions['project'];

/** Both writers change other rows, and values only grow, so that a client can tell versions of a row apart. */
const ids = { api: 0, sql: 1_000 };
const rowsOfWriter = 20;

/** Creates, updates and deletes rows over the API. A request that fails is not repeated. */
async function writeByApi({ ref, key }: Project, state: State): Promise<void> {
  for (let number = 1; !state.isOver; number += 1) {
    const id = ids.api + (number % rowsOfWriter);
    const query =
      number % 7 === 0
        ? `mutation { deleteCounter(where: { id: ${id} }) { id } }`
        : `mutation { upsertCounter(where: { id: ${id} }, create: { id: ${id}, value: ${number} }, update: { value: ${number} }) { id } }`;
    try {
      const response = await fetch(`${state.origin}/p/${ref}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(5_000),
      });
      await response.text();
      if (response.ok) state.byApi += 1;
    } catch {
      // The gateway was killed. It might have committed the write.
      await turn();
    }
  }
}

async function writeBySql(ref: string, url: string, state: State): Promise<number> {
  let writes = 0;
  await withClient(url, async (client) => {
    const table = `"p_${ref}".counter`;
    for (let number = 1; !state.isOver; number += 1) {
      const id = ids.sql + (number % rowsOfWriter);
      await client.query(
        number % 7 === 0
          ? `DELETE FROM ${table} WHERE id = ${id}`
          : `INSERT INTO ${table} (id, value) VALUES (${id}, ${number}) ON CONFLICT (id) DO UPDATE SET value = excluded.value`,
      );
      writes += 1;
      await turn();
    }
  });
  return writes;
}

async function readRows(ref: string, url: string): Promise<Rows> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ id: number; value: number }>(
      `SELECT id, value FROM "p_${ref}".counter`,
    );
    return new Map(rows.map(({ id, value }) => [id, value]));
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A gateway starts within seconds, but much more slowly on a machine that runs other tests at the same time. */
const waitMs = 120_000;

/** The writers leave time to the gateway. */
const turn = () => pause(2);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Event {
  readonly cursor: string;
  readonly operation: 'CREATED' | 'UPDATED' | 'DELETED' | 'RESET';
  readonly id: string | number;
  readonly node: { readonly value: number } | null;
}

/** A copy of the rows, by server-sent events. It reconnects after its last cursor when the connection is lost. */
class SseReplica {
  readonly rows = new Map<number, number>();
  events = 0;
  reconnects = -1;
  wentBack = 0;
  readonly #project: Project;
  readonly #state: State;
  readonly #closed = new AbortController();
  readonly #latest = new Map<number, number>();
  readonly #waiting = new Set<() => void>();
  #after = '';
  #problem: unknown = null;
  #body: ReadableStream<Uint8Array> | null = null;

  constructor(project: Project, state: State) {
    this.#project = project;
    this.#state = state;
  }

  /** Connects. The first time, the stream begins at the present end of the log, where there are no rows yet. */
  async connect(): Promise<void> {
    const { ref, key } = this.#project;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const post = (query: string, accept: string, variables: object = {}) =>
      fetch(`${this.#state.origin}/p/${ref}/graphql`, {
        method: 'POST',
        headers: { ...headers, accept },
        body: JSON.stringify({ query, variables }),
        signal: this.#closed.signal,
      });
    if (this.#after === '') {
      const answer = await post('{ changesCursor }', 'application/json');
      const { data } = (await answer.json()) as { data: { changesCursor: string } };
      this.#after = data.changesCursor;
    }
    const response = await post(
      'subscription ($after: Cursor) { counterChanges(after: $after) { cursor operation id node { value } } }',
      'text/event-stream',
      { after: this.#after },
    );
    if (!response.ok || response.body === null) throw new Error(`Status ${response.status}`);
    this.#body = response.body;
    this.reconnects += 1;
  }

  async run(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      try {
        if (this.#body === null) await this.connect();
        await this.#read();
      } catch (error) {
        if (error instanceof StreamError) {
          this.#problem = error;
          return;
        }
        await pause(50);
      }
      this.#body = null;
    }
  }

  /** Waits until the condition holds, which is checked after each event. @throws Error after some time */
  reaches(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const text = `The stream does not go on after ${this.events} events.`;
        reject(new Error(text, { cause: this.#problem }));
      }, waitMs);
      const check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  close(): void {
    this.#closed.abort();
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of this.#body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined || data === '') return;
    const { data: result, errors } = JSON.parse(data) as {
      readonly data?: { readonly counterChanges: Event } | null;
      readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
    };
    // A gateway that has just started can be busy.
    if (errors?.[0]?.extensions?.code === 'OVERLOADED') throw new Error('Try again.');
    if (errors !== undefined || !result) throw new StreamError(`The stream failed: ${data}`);
    this.#apply(result.counterChanges);
    for (const check of [...this.#waiting]) check();
  }

  #apply({ cursor, operation, node, ...event }: Event): void {
    const id = Number(event.id);
    this.events += 1;
    this.#after = cursor;
    if (operation === 'DELETED') this.rows.delete(id);
    else if (node === null) throw new StreamError(`An unexpected event: ${operation}`);
    else {
      if (node.value < (this.#latest.get(id) ?? 0)) this.wentBack += 1;
      this.#latest.set(id, node.value);
      this.rows.set(id, node.value);
    }
  }
}

/** An error that a new connection would not repair. */
class StreamError extends Error {}
