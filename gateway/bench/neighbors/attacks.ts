// The ways in which one tenant might harm the others. Each attack runs in several loops in a separate process.
import { connect, type Socket } from 'node:net';
import { getIntrospectionQuery } from 'graphql';

import { bigBoardId } from './attacker-data.ts';

/** The gateway and projects that are attacked, and the attacker's credentials. */
export interface Target {
  readonly port: number;
  /** A project with the tracker's schema and a board of large issues. */
  readonly tracker: Project;
  /** A project with 200 models of 60 fields each. */
  readonly wide: Project;
  /** An access token for the user who owns both projects. */
  readonly token: string;
}

export interface Project {
  readonly ref: string;
  readonly key: string;
}

/** The number of times each outcome occurred: a response status, or the way in which the connection ended. */
export type Tally = Map<string, number>;

export interface AttackContext {
  readonly target: Target;
  readonly tally: Tally;
  /** The index of this loop, starting at 0. */
  readonly loop: number;
  /** The number of attempts that this loop has already made. */
  readonly round: number;
  readonly signal: AbortSignal;
}

export interface Attack {
  readonly name: string;
  /** The share of its idle requests per second that the other tenant must keep, if that is part of the verdict. */
  readonly goodput?: number;
  /** Makes one attempt. The loop repeats it until the time is up. */
  readonly strike: (context: AttackContext) => Promise<void>;
}

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const mebibyte = 1_048_576;

// --- schemas ---

/** A pattern's alternatives: 110 non-ASCII letters, which must be compared with each other in each of 8 repetitions. */
const alternatives = Array.from({ length: 110 }, (_, i) => String.fromCodePoint(0xc0 + i)).join(
  '|',
);

/** Returns about 56 KB of SDL: a type with 150 fields, each of which has an expensive pattern. */
const patterns = (seed: string): string =>
  `type Hostile${seed} @model {\n  id: ID! @id\n${repeat(
    150,
    (i) => `  f${i}: String @constraint(pattern: "^(?:${alternatives}){8,}$")\n`,
  )}}\n`;

/** A schema with a large API: 200 models of 60 fields each. */
export const wideSchema = repeat(
  200,
  (model) =>
    `type Wide${model} @model(plural: "wides${model}") {\n  id: ID! @id\n${repeat(59, (i) => `  f${i}: String\n`)}}\n`,
);

const planSchema = `mutation ($ref: ID!, $sdl: String!) {
  planSchema(input: { projectRef: $ref, sdl: $sdl }) { __typename }
}`;

// --- responses ---

const bigIssues = (alias: string) =>
  `${alias}: board(where: { id: "${bigBoardId}" }) { issues(first: 100) { nodes { body } } }`;

/** A response of 16 MB: 100 issues of 10 kB each, requested 16 times. */
const largeAnswer = `{ ${repeat(16, (i) => bigIssues(`a${i}`))} }`;

/** A response of 400 MB: the board's 100 issues, each with the same 100 issues, 4 times. */
const hugeAnswer = `{ ${repeat(
  4,
  (i) => `a${i}: board(where: { id: "${bigBoardId}" }) {
    issues(first: 100) { nodes { board { issues(first: 100) { nodes { body } } } } }
  }`,
)} }`;

// --- variables ---

const filterDocument =
  'query ($where: IssueWhereInput) { issues(where: $where, first: 1) { totalCount } }';
const withVariables = (query: string, variables: string) =>
  `{"query":${JSON.stringify(query)},"variables":${variables}}`;

const brackets = withVariables('{ __typename }', `{"x":${'['.repeat(8 * mebibyte - 200)}`);
const manyKeys = withVariables(
  '{ __typename }',
  `{${Array.from({ length: 500_000 }, (_, i) => `"k${i}":0`).join(',')}}`,
);
const manyLists = withVariables(
  filterDocument,
  JSON.stringify({
    where: {
      and: Array.from({ length: 20 }, (_, list) => ({
        number: { notIn: Array.from({ length: 10_000 }, (_, i) => list * 10_000 + i) },
      })),
    },
  }),
);
const manyAlternatives = withVariables(
  filterDocument,
  JSON.stringify({
    where: { or: Array.from({ length: 900 }, (_, i) => ({ title: { contains: `none ${i}` } })) },
  }),
);

// --- documents ---

const aliases = `{ ${repeat(1_001, (i) => `a${i}: __typename`)} }`;
const sameName = `{ ${repeat(990, () => 'issues(first: 1) { totalCount }')} }`;
const counts = `{ ${repeat(300, (i) => `a${i}: issues(where: { body: { contains: "none ${i}" } }) { totalCount }`)} }`;
/** Returns a different document for each seed, about as large as the limits allow. */
const coldDocument = (seed: string) =>
  `query Cold${seed} { ${repeat(
    40,
    (i) =>
      `a${i}: issues(first: 1, where: { title: { contains: "${seed}" } }) { nodes { id title body status board { id name key } } }`,
  )} }`;
const signIns = `mutation { ${repeat(
  100,
  (i) =>
    `a${i}: login(input: { email: "bench@example.org", password: "wrong password ${i}", tokenDelivery: BODY }) { __typename }`,
)} }`;

export const attacks: readonly Attack[] = [
  {
    name: 'patterns that are costly to check',
    strike: ({ loop, round, ...context }) =>
      manage(context, planSchema, {
        ref: context.target.tracker.ref,
        sdl: patterns(`${loop}x${round}`),
      }),
  },
  { name: 'large answers that are not read', strike: (context) => holdUnread(context, 15) },
  { name: 'an answer of 400 MB', strike: (context) => askTracker(context, { query: hugeAnswer }) },
  { name: 'bodies that never end', strike: (context) => holdBodies(context, 250) },
  { name: '8 MB of brackets', strike: (context) => post(context, trackerPath(context), brackets) },
  {
    name: 'an object of 500,000 keys',
    strike: (context) => post(context, trackerPath(context), manyKeys),
  },
  {
    name: '20 lists of 10,000 values',
    strike: (context) => post(context, trackerPath(context), manyLists),
  },
  {
    name: 'an OR of 900 filters',
    strike: (context) => post(context, trackerPath(context), manyAlternatives),
  },
  {
    name: 'introspection of a large API',
    strike: (context) =>
      ask(context, context.target.wide, { query: getIntrospectionQuery() }, context.target.token),
  },
  { name: '1,001 aliases', strike: (context) => askTracker(context, { query: aliases }) },
  { name: '990 fields of one name', strike: (context) => askTracker(context, { query: sameName }) },
  {
    name: '300 counts without an index',
    strike: (context) => askTracker(context, { query: counts }),
  },
  {
    name: 'large documents, each a new one',
    strike: (context) =>
      askTracker(context, { query: coldDocument(`${context.loop}x${context.round}`) }),
  },
  { name: '100 sign-ins in one document', strike: (context) => manage(context, signIns, {}) },
  {
    name: '2,000 eager connections',
    goodput: 0.7,
    strike: (context) => crowd(context, 500, context.target.tracker.key),
  },
  {
    name: '2,000 eager connections without a valid key',
    goodput: 0.7,
    strike: (context) => crowd(context, 500, 'tsk_wrong'),
  },
];

type Strike = Pick<AttackContext, 'target' | 'tally' | 'signal'>;

const trackerPath = ({ target }: Strike) => `/p/${target.tracker.ref}/graphql`;

const askTracker = (context: Strike, request: object) =>
  ask(context, context.target.tracker, request);

/**
 * Sends a request to a project's API.
 * @param token the credential; by default, the project's key
 */
function ask(context: Strike, { ref, key }: Project, request: object, token = key): Promise<void> {
  return post(context, `/p/${ref}/graphql`, JSON.stringify(request), token);
}

function manage(context: Strike, query: string, variables: object): Promise<void> {
  return post(context, '/graphql', JSON.stringify({ query, variables }), context.target.token);
}

/** Sends a body, then reads the response and keeps only its beginning. */
async function post(
  { target, tally, signal }: Strike,
  path: string,
  body: string,
  token = target.tracker.key,
): Promise<void> {
  try {
    const response = await fetch(`http://127.0.0.1:${target.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      signal,
    });
    let first = '';
    for await (const chunk of response.body ?? []) {
      if (first === '') first = Buffer.from(chunk as Uint8Array).toString('utf8', 0, 400);
    }
    const code = /"code":"(\w+)"/.exec(first)?.[1];
    count(tally, code === undefined ? String(response.status) : `${response.status} ${code}`);
  } catch {
    if (!signal.aborted) count(tally, 'broken off');
  }
}

function count(tally: Tally, outcome: string): void {
  tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
}

function requestHead(target: Target, path: string, length: number, token: string | null): string {
  return [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    ...(token === null ? [] : [`authorization: Bearer ${token}`]),
    `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');
}

/**
 * Requests large responses on many connections without reading them. Reconnects whenever the server closes a
 * connection.
 */
async function holdUnread({ target, tally, signal }: AttackContext, connections: number) {
  const body = JSON.stringify({ query: largeAnswer });
  const path = `/p/${target.tracker.ref}/graphql`;
  const head = requestHead(target, path, Buffer.byteLength(body), target.tracker.key);
  await holdSockets({ target, tally, signal }, connections, (socket) => {
    socket.pause();
    socket.write(head + body);
  });
}

/** Sends all but the last byte of a body, without a credential. */
async function holdBodies({ target, tally, signal }: AttackContext, connections: number) {
  const body = Buffer.alloc(mebibyte - 1, 0x20);
  const head = requestHead(target, '/graphql', mebibyte, null);
  await holdSockets({ target, tally, signal }, connections, (socket) => {
    socket.resume();
    socket.write(head);
    socket.write(body);
  });
}

/** Runs many clients, each of which sends one request after another. */
async function crowd(
  { target, tally, signal }: AttackContext,
  connections: number,
  credential: string,
) {
  const body = JSON.stringify({ query: '{ issues(first: 1) { nodes { id } } }' });
  const path = `/p/${target.tracker.ref}/graphql`;
  const request = requestHead(target, path, Buffer.byteLength(body), credential) + body;
  await holdSockets({ target, tally, signal }, connections, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1', 0, 12))?.[1];
      if (status === undefined) return;
      count(tally, status);
      socket.write(request);
    });
    socket.write(request);
  });
}

/** Keeps the given number of connections busy until the signal is aborted. */
async function holdSockets(
  { target, tally, signal }: Strike,
  connections: number,
  begin: (socket: Socket) => void,
): Promise<void> {
  const hold = async () => {
    while (!signal.aborted) {
      const socket = connect({ port: target.port, host: '127.0.0.1' });
      await new Promise<void>((resolve) => {
        const end = () => socket.destroy();
        signal.addEventListener('abort', end, { once: true });
        socket.on('connect', () => begin(socket));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          signal.removeEventListener('abort', end);
          if (!signal.aborted) count(tally, 'closed by the server');
          // If the client reconnected immediately, the benchmark would measure this machine's connection handling.
          setTimeout(resolve, 20);
        });
      });
    }
  };
  await Promise.all(Array.from({ length: connections }, hold));
}
