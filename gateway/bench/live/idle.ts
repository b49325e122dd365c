// Subscribers and WebSockets that have nothing to do.
import type { BenchProject } from '../project-api/project.ts';
import { cpuOf, expectFirstResults, profiled, sleep, usedKb, type Part } from './part.ts';
import { atMost, figure } from './report.ts';
import { fillRooms, roomQuery, roomsSdl } from './rooms.ts';
import type { RunningGateway, World } from './world.ts';

const socketsOfSubscribers = 200;
const settleMs = 1_000;

export const webSocketUrl = ({ port }: RunningGateway, { ref }: BenchProject): string =>
  `ws://127.0.0.1:${port}/p/${ref}/graphql`;

/** 10,000 live queries with different variables on 200 WebSockets. */
export const idleSubscribers: Part = async (world, options) => {
  const count = Math.round(10_000 * options.scale);
  const { gateway, project } = await prepare(world, count);
  const sockets = Math.min(socketsOfSubscribers, count);
  await world.clients.open(webSocketUrl(gateway, project), connections(project, sockets, 0));
  const before = await usedKb(gateway);
  const startedAt = performance.now();
  for (let start = 0; start < count; start += sockets) {
    const numbers = Array.from({ length: Math.min(sockets, count - start) }, (_, at) => start + at);
    await world.clients.subscribe(numbers.map((number) => roomQuery(number + 1)));
  }
  const startMs = performance.now() - startedAt;
  await sleep(settleMs);
  await expectFirstResults(world, 'idle', count);
  const after = await usedKb(gateway);
  const idle = await cpuOf(world, gateway, () =>
    profiled(gateway, options, 'idle', () => sleep(options.ms)),
  );
  await world.clients.close();
  return [
    atMost(`${count} idle subscribers: gateway`, idle.gateway, 5, '% of a core'),
    figure(`${count} idle subscribers: PostgreSQL`, idle.postgres, '% of a core'),
    atMost(`${count} idle subscribers: memory`, (after - before) / count, 25, 'kB each'),
    figure(`${count} subscribers start in`, startMs / 1_000, 's'),
  ];
};

/** 10,000 WebSockets, and then a live query on each. */
export const idleSockets: Part = async (world, options) => {
  const count = Math.round(10_000 * options.scale);
  const { gateway, project } = await prepare(world, count);
  const before = await usedKb(gateway);
  await world.clients.open(webSocketUrl(gateway, project), connections(project, count, 0));
  await sleep(settleMs);
  const connected = await usedKb(gateway);
  const idle = await cpuOf(world, gateway, () =>
    profiled(gateway, options, 'sockets', () => sleep(options.ms)),
  );
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  await world.clients.subscribe(numbers.map((number) => roomQuery(number)));
  await sleep(settleMs);
  await expectFirstResults(world, 'idle', count);
  const subscribed = await usedKb(gateway);
  const both = await cpuOf(world, gateway, () => sleep(options.ms));
  await world.clients.close();
  return [
    figure(`${count} idle WebSockets: memory`, (connected - before) / count, 'kB each'),
    figure(`${count} idle WebSockets: gateway`, idle.gateway, '% of a core'),
    figure(`… with a live query each: memory`, (subscribed - before) / count, 'kB each'),
    figure(`… with a live query each: gateway`, both.gateway, '% of a core'),
  ];
};

async function prepare(world: World, rooms: number) {
  const gateway = await world.start();
  const project = await world.createProject(roomsSdl, fillRooms(rooms, 5, 60));
  // The first subscriber loads code and compiles the plan.
  await world.clients.open(webSocketUrl(gateway, project), connections(project, 1, 1));
  await sleep(settleMs);
  await world.clients.close();
  return { gateway, project };
}

function connections({ key }: BenchProject, count: number, subscriptions: number) {
  return Array.from({ length: count }, () => ({
    group: 'idle',
    payload: { apiKey: key },
    subscriptions: Array.from({ length: subscriptions }, (_, at) => roomQuery(at + 1)),
  }));
}
