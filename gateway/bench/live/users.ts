// Comparable with a published benchmark of Supabase Realtime: 500 signed-in users, each with a subscription of its own.
// A membership rule shows each of them one row in ten. One client writes as fast as it can.
import type { Subscription } from './client-jobs.ts';
import { webSocketUrl } from './idle.ts';
import { cpuOf, profiled, sleep, type Part, type PartOptions } from './part.ts';
import { atLeast, atMost, figure, type Row } from './report.ts';
import { idOf, idSql } from './rooms.ts';
import type { World } from './world.ts';
import { createWriter, type Write } from './writer.ts';

const teams = 10;
const writesAtOnce = 4;

const sdl = `
  type User @model @live @user @allow(to: [READ], where: { id: { eq: "$user.id" } }) {
    id: ID! @id
    name: String!
    memberships: [Membership!]!
  }
  type Team @model @live @allow(to: [READ], where: { members: { some: { userId: { eq: "$user.id" } } } }) {
    id: ID! @id
    name: String!
    members: [Membership!]!
    items: [Item!]!
  }
  type Membership @model @live @unique(fields: ["team", "user"]) @allow(to: [READ], where: { userId: { eq: "$user.id" } }) {
    id: ID! @id
    team: Team! @relation(onDelete: CASCADE)
    user: User! @relation(onDelete: CASCADE)
  }
  type Item @model @live @index(fields: ["team", "updatedAt"])
    @allow(to: [READ], where: { team: { members: { some: { userId: { eq: "$user.id" } } } } }) {
    id: ID! @id
    title: String!
    status: String!
    team: Team! @relation(onDelete: CASCADE)
    createdAt: DateTime! @createdAt
    updatedAt: DateTime! @updatedAt
  }
`;

const itemsPerTeam = 100;

const fill = (users: number) => [
  `INSERT INTO "user" (id, name) SELECT ${idSql('a', 'n')}, 'User ' || n FROM generate_series(1, ${users}) AS n`,
  `INSERT INTO team (id, name) SELECT ${idSql('b', 'n')}, 'Team ' || n FROM generate_series(1, ${teams}) AS n`,
  `INSERT INTO membership (id, team_id, user_id)
   SELECT ${idSql('c', 'n')}, ${idSql('b', `1 + n % ${teams}`)}, ${idSql('a', 'n')} FROM generate_series(1, ${users}) AS n`,
  `INSERT INTO item (id, title, status, team_id, created_at, updated_at)
   SELECT ${idSql('d', `t * 1000 + n`)}, 'Item ' || n, 'TODO', ${idSql('b', 't')}, '2024-01-01Z', '2024-01-01Z'
   FROM generate_series(1, ${teams}) AS t, generate_series(1, ${itemsPerTeam}) AS n`,
];

const stream: Subscription = {
  query:
    'subscription { itemChanges { cursor operation id node { id title status teamId updatedAt } } }',
};
const liveQuery: Subscription = {
  query:
    'subscription { items(orderBy: { updatedAt: DESC }, first: 20) { nodes { id title status teamId updatedAt } } }',
};

const create = (index: number) => ({
  query:
    'mutation ($title: String!, $team: ID!) { createItem(data: { title: $title, status: "TODO", team: { connect: { id: $team } } }) { id } }',
  variables: { title: `Item ${index}`, team: idOf('b', 1 + (index % teams)) },
});

const update = (index: number) => ({
  query:
    'mutation ($id: ID!, $title: String!) { updateItem(where: { id: $id }, data: { title: $title }) { id } }',
  variables: {
    id: idOf('d', (1 + (index % teams)) * 1_000 + 1 + (Math.floor(index / teams) % itemsPerTeam)),
    title: `Changed ${index}`,
  },
});

export const users: Part = async (world, options) => {
  const inserts = await measure(world, options, {
    name: 'streams, inserts',
    stream,
    write: create,
  });
  const updates = await measure(world, options, {
    name: 'streams, updates',
    stream,
    write: update,
  });
  const queries = await measure(world, options, {
    name: 'live queries, updates',
    stream: liveQuery,
    write: update,
  });
  return [...inserts, ...updates, ...queries];
};

interface Case {
  readonly name: string;
  readonly stream: Subscription;
  readonly write: (index: number) => Write;
}

async function measure(
  world: World,
  options: PartOptions,
  { name, stream: subscription, write }: Case,
): Promise<readonly Row[]> {
  const count = Math.round(500 * options.scale);
  const gateway = await world.start();
  const project = await world.createProject(sdl, fill(count));
  const sign = await world.trust(project);
  const tokens = await Promise.all(
    Array.from({ length: count }, (_, at) => sign(idOf('a', at + 1))),
  );
  const connections = tokens.map((userToken) => ({
    group: 'users',
    payload: { apiKey: project.key, userToken },
    subscriptions: [subscription],
  }));
  await world.clients.open(webSocketUrl(gateway, project), connections);
  const writer = createWriter(gateway.port, project);
  await sleep(1_000);
  await writer.fast(writesAtOnce, 2_000, write);
  await sleep(1_000);

  await world.clients.count();
  const over = await cpuOf(world, gateway, () =>
    profiled(gateway, options, `users ${name}`, () =>
      writer.fast(writesAtOnce, options.ms, (index) => write(index + 10_000)),
    ),
  );
  const during = await world.clients.figures('users');
  await sleep(2_000);
  const { p50, p95, worst, frames } = await world.clients.figures('users');
  writer.close();
  await world.clients.close();
  const title = `${count} users, ${name}`;
  return [
    atLeast(`${title}: changes`, over.result, 100, '/s'),
    atLeast(`${title}: messages`, (during.frames * 1_000) / options.ms, 10_000, '/s'),
    atMost(`${title}: p95 from commit to frame`, p95, 150, 'ms'),
    figure(`${title}: p50, worst`, `${Math.round(p50)}, ${Math.round(worst)} ms`),
    figure(`${title}: messages, also after the last write`, frames),
    figure(`${title}: gateway`, over.gateway, '% of a core'),
    figure(`${title}: PostgreSQL`, over.postgres, '% of a core'),
  ];
}
