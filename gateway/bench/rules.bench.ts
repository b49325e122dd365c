// Compares queries of a signed-in user, to which access rules apply, with two baselines: the same query of a server,
// with the filters of the rules written out, and a minimal node:http + pg handler that runs the statement of the user's
// query. All use 16 connections and are measured in turn. Targets: at least 0.95 of the server's rate, and at least 0.9
// of the rate of the minimal handler.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { pino } from 'pino';

import { callManagementApi, succeeded, type Failure } from '../scripts/lib/management-api.mjs';
import { parameterText } from '../src/data-plane/connections/wire/encode.ts';
import { buildApi } from '../src/engine/api/build-api.ts';
import { projectNames } from '../src/engine/migrations.ts';
import { compileOperation } from '../src/engine/queries/operation.ts';
import { profileOf, subjectVariables } from '../src/engine/rules/subject.ts';
import { textOf } from '../src/engine/sql/sql.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { readRequest } from '../test/engine/compile-kit.ts';
import { readModel } from '../test/engine/project.ts';
import { withRules } from '../test/engine/with-rules.ts';
import { startGateway } from '../test/process.ts';
import { median, requestsPerSecond, type Target } from './lib/load.ts';
import { makeProjectOf, register, type BenchProject } from './project-api/project.ts';
import type { BareStatement } from './rules/bare-server.ts';

const rounds = 7;
const roundMs = 2_000;
const connections = 16;
const poolSize = 10;
const wantedOfServer = 0.95;
const wantedOfBare = 0.9;
const audience = 'https://api.example';
const logger = pino({ level: 'error' });

const rules = `
  extend type User @user @allow(to: [READ], where: { id: { eq: "$user.id" } })
  extend type Membership @allow(to: [READ], where: { user: { id: { eq: "$user.id" } } })
  extend type Board @allow(to: [READ], where: { members: { some: { userId: { eq: "$user.id" } } } })
  extend type Issue @allow(to: [READ], where: { assignee: { id: { eq: "$user.id" } } })
  extend type Comment
    @allow(to: [READ], where: { issue: { board: { members: { some: { userId: { eq: "$user.id" } } } } } })
`;
const tracker = await readFile(
  new URL('../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);
const sdl = withRules(tracker, rules);

const id = (letter: string, number: string) =>
  `('00000000-0000-7000-8${letter.repeat(3)}-' || lpad((${number})::text, 12, '0'))::uuid`;
const userId = '00000000-0000-7000-8aaa-000000000007';

/** 200 users, each a member of 20 of 700 boards; 21,000 issues with 42,000 comments. */
const fill = [
  `INSERT INTO "user" (id, email, name)
   SELECT ${id('a', 'n')}, n || '@example.org', 'User ' || n FROM generate_series(1, 200) AS n`,
  `INSERT INTO board (id, key, name)
   SELECT ${id('b', 'n')}, chr(65 + n / 676) || chr(65 + n / 26 % 26) || chr(65 + n % 26), 'Board ' || n
   FROM generate_series(1, 700) AS n`,
  `INSERT INTO membership (id, role, board_id, user_id)
   SELECT ${id('c', '100 * n + i')}, 'MEMBER', ${id('b', '1 + (n * 7 + i * 31) % 700')}, ${id('a', 'n')}
   FROM generate_series(1, 200) AS n, generate_series(0, 19) AS i`,
  `INSERT INTO issue (id, number, title, status, board_id, assignee_id, created_at)
   SELECT ${id('d', '1000 * b + n')}, n, 'Issue ' || n, 'TODO', ${id('b', 'b')},
     ${id('a', '1 + (b + 7 * n) % 200')},
     '2024-01-01Z'::timestamptz + n * interval '1 hour' + b * interval '1 minute'
   FROM generate_series(1, 700) AS b, generate_series(1, 30) AS n`,
  `INSERT INTO comment (id, text, issue_id, author_id)
   SELECT ${id('e', '2000 * b + 2 * n + i')}, 'A comment', ${id('d', '1000 * b + n')}, ${id('a', '1 + b % 200')}
   FROM generate_series(1, 700) AS b, generate_series(1, 30) AS n, generate_series(0, 1) AS i`,
  'ANALYZE "user", board, membership, issue, comment',
];

interface Shape {
  readonly name: string;
  /** The query of the user, to which rules apply. */
  readonly query: string;
  /** The query of a server that returns the same. */
  readonly ofServer: string;
  /** The start of the response's data. */
  readonly expected: string;
}

const isMember = `members: { some: { userId: { eq: "${userId}" } } }`;
const isOwn = `assigneeId: { eq: "${userId}" }`;
const newest = 'orderBy: { createdAt: DESC }, first: 20';
const fields = '{ nodes { id number title status createdAt } }';

function shapesOf(issue: string): readonly Shape[] {
  const point = `{ issue(where: { id: "${issue}" }) { id number title status createdAt } }`;
  return [
    { name: 'one row', query: point, ofServer: point, expected: '"issue":{"id"' },
    {
      name: 'list, owner rule',
      query: `{ issues(${newest}) ${fields} }`,
      ofServer: `{ issues(where: { ${isOwn} }, ${newest}) ${fields} }`,
      expected: '"issues":{"nodes":[{"id"',
    },
    {
      name: 'list, membership rule',
      query: '{ boards(first: 20) { nodes { id key name } } }',
      ofServer: `{ boards(where: { ${isMember} }, first: 20) { nodes { id key name } } }`,
      expected: '"boards":{"nodes":[{"id"',
    },
    {
      name: 'three levels',
      query: `{ boards(first: 10) { nodes { id name
        issues(first: 10) { nodes { id title status comments(first: 5) { nodes { id text } } } } } } }`,
      ofServer: `{ boards(where: { ${isMember} }, first: 10) { nodes { id name
        issues(where: { ${isOwn} }, first: 10) { nodes { id title status
          comments(where: { issue: { board: { ${isMember} } } }, first: 5) { nodes { id text } } } } } } }`,
      expected: '"boards":{"nodes":[{"id"',
    },
  ];
}

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  logger,
  temporary: true,
});
const issuer = await startIssuer();
const gateway = await startGateway({
  env: {
    DATABASE_URL: postgres.url,
    DATA_DIR: directory,
    PROJECT_POOL_SIZE: String(poolSize),
    EGRESS_ALLOW_PRIVATE: 'true',
  },
});
try {
  const owner = await register(gateway.origin);
  const project = await makeProjectOf(gateway.origin, owner, sdl);
  await trust(gateway.origin, owner, project);
  const shapes = shapesOf(await fillTables(projectNames(project.ref).schema));
  const bare = await startBare(shapes, project);
  try {
    await compare(shapes, project, bare.port);
  } finally {
    bare.stop();
  }
} finally {
  await gateway.stop();
  issuer.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

/** Starts an issuer of user tokens. */
async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256', use: 'sig' };
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with that port.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = await new SignJWT({ sub: userId })
    .setProtectedHeader({ alg: 'ES256', kid: 'key' })
    .setIssuer(origin)
    .setAudience(audience)
    .setExpirationTime('2h')
    .sign(privateKey);
  return { origin, token, stop: () => server.close() };
}

async function trust(origin: string, owner: string, { ref }: BenchProject): Promise<void> {
  const { setTrustedIssuers } = await callManagementApi<{ setTrustedIssuers: Failure }>(
    origin,
    owner,
    `mutation ($ref: ID!, $issuer: String!, $audience: String!, $jwksUrl: String!) {
      setTrustedIssuers(input: {
        projectRef: $ref
        issuers: [{ issuer: $issuer, audience: $audience, jwksUrl: $jwksUrl, userClaim: "sub", userField: "id" }]
      }) {
        ... on Error { code message }
      }
    }`,
    { ref, issuer: issuer.origin, audience, jwksUrl: `${issuer.origin}/keys` },
  );
  succeeded(setTrustedIssuers);
}

/** Fills the tables. @returns the id of an issue of the user */
async function fillTables(schema: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`SET search_path = "${schema}"`);
  for (const statement of fill) await client.query(statement);
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM issue WHERE assignee_id = $1 ORDER BY id LIMIT 1',
    [userId],
  );
  await client.end();
  if (rows[0] === undefined) throw new Error('The user has no issue.');
  return rows[0].id;
}

/** Starts the minimal handler with the statements of the user's queries. */
async function startBare(shapes: readonly Shape[], { ref }: BenchProject) {
  const statements = Object.fromEntries(
    shapes.map(({ query }, index) => [`/${index}`, bareStatement(query, projectNames(ref).schema)]),
  );
  const path = join(directory, 'statements.json');
  await writeFile(path, JSON.stringify(statements));
  const file = fileURLToPath(new URL('rules/bare-server.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', file, postgres.url, String(poolSize), path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { port: Number(/\d+/.exec(line)?.[0]), stop: () => void child.kill() };
}

function bareStatement(query: string, schema: string): BareStatement {
  const model = readModel(sdl);
  const subject = {
    audience: 'USER',
    user: { field: 'id', value: userId },
    claims: {},
    verifiedEmail: null,
  } as const;
  const access = { read: 'ALL', write: 'ALL', introspect: false } as const;
  const api = buildApi(model, { ...access, rules: profileOf(model, subject) });
  const { document } = readRequest(api, query, {});
  const variables = subjectVariables(model, subject);
  const plan = compileOperation({ api, document, operationName: null, variables });
  if (plan.kind !== 'QUERY' || plan.statement === null) throw new Error('There is no statement.');
  const { template, parameters } = plan.statement;
  const [answer] = plan.answers;
  return {
    field: answer?.responseKey ?? '',
    text: textOf(template, schema),
    values: parameters.map((parameter) => parameterText(parameter(variables))),
  };
}

async function compare(
  shapes: readonly Shape[],
  { ref, key }: BenchProject,
  barePort: number,
): Promise<void> {
  const path = `/p/${ref}/graphql`;
  const figures: Record<string, Record<string, string | number>> = {};
  let isMet = true;
  for (const [index, { name, query, ofServer, expected }] of shapes.entries()) {
    const target = (part: Pick<Target, 'port' | 'path' | 'headers'>, text: string): Target => ({
      ...part,
      body: JSON.stringify({ query: text }),
      expected: `{"data":{${expected}`,
    });
    const { port } = gateway;
    const user = { 'x-api-key': key, authorization: `Bearer ${issuer.token}` };
    const targets = {
      bare: target({ port: barePort, path: `/${index}`, headers: {} }, query),
      server: target({ port, path, headers: { authorization: `Bearer ${key}` } }, ofServer),
      user: target({ port, path, headers: user }, query),
    };
    const measure = async (ms: number) => ({
      bare: await requestsPerSecond(targets.bare, connections, ms),
      server: await requestsPerSecond(targets.server, connections, ms),
      user: await requestsPerSecond(targets.user, connections, ms),
    });
    await measure(1_000);
    const measured: Awaited<ReturnType<typeof measure>>[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(roundMs));
    const ofServerRate = median(measured.map((round) => round.user / round.server));
    const ofBareRate = median(measured.map((round) => round.user / round.bare));
    isMet &&= ofServerRate >= wantedOfServer && ofBareRate >= wantedOfBare;
    figures[name] = {
      'bare/s': Math.round(median(measured.map(({ bare }) => bare))),
      'server/s': Math.round(median(measured.map(({ server }) => server))),
      'user/s': Math.round(median(measured.map((round) => round.user))),
      'of server': ofServerRate.toFixed(2),
      'of bare': ofBareRate.toFixed(2),
    };
  }
  console.table(figures);
  console.log(
    `Medians of ${rounds} rounds: ${
      isMet
        ? 'targets met'
        : `below the targets of ${wantedOfServer} of the server or ${wantedOfBare} of the minimal handler`
    }`,
  );
}
