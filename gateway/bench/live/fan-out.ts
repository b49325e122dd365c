// 1,000 subscribers of one query with different variables, while 100 changes are made in a second.
import { webSocketUrl } from './idle.ts';
import { cpuOf, profiled, sleep, type Part } from './part.ts';
import { atMost, figure } from './report.ts';
import { fillRooms, idOf, messageUpdate, roomQuery, roomsSdl } from './rooms.ts';
import { createWriter } from './writer.ts';

const messagesPerRoom = 20;
const changesPerSecond = 100;
const subscribersPerSocket = 5;

export const fanOut: Part = async (world, options) => {
  const count = Math.round(1_000 * options.scale);
  const gateway = await world.start();
  const project = await world.createProject(roomsSdl, fillRooms(count, messagesPerRoom, 60));
  const sockets = Array.from({ length: Math.ceil(count / subscribersPerSocket) }, (_, socket) => ({
    group: 'rooms',
    payload: { apiKey: project.key },
    subscriptions: Array.from({ length: subscribersPerSocket }, (_, at) =>
      roomQuery(socket * subscribersPerSocket + at + 1, messagesPerRoom),
    ),
  }));
  await world.clients.open(webSocketUrl(gateway, project), sockets);
  const writer = createWriter(gateway.port, project);
  // 7 and 1,000 have no common divisor, so each room has its turn.
  const update = (index: number) =>
    messageUpdate(1 + ((index * 7) % count), index % messagesPerRoom, `Text ${index}`);
  await writer.paced(changesPerSecond, 1_000, update);

  await world.clients.count();
  const over = await cpuOf(world, gateway, () =>
    profiled(gateway, options, 'fan-out', () =>
      writer.paced(changesPerSecond, options.ms, (index) => update(index + 1_000)),
    ),
  );
  await sleep(1_000);
  const byApi = await world.clients.figures('rooms');
  writer.close();

  const client = await world.connect(project);
  await world.clients.count();
  for (const endAt = performance.now() + options.ms; performance.now() < endAt;) {
    const room = 1 + Math.floor(Math.random() * count);
    await client.query(
      'UPDATE message SET text = $2, updated_at = clock_timestamp() WHERE id = $1',
      [idOf('b', room * 1_000), `Text of ${performance.now()}`],
    );
    await sleep(1_000 / changesPerSecond);
  }
  await client.end();
  await sleep(1_000);
  const bySql = await world.clients.figures('rooms');
  await world.clients.close();
  const what = `${count} subscribers, ${Math.round(over.result)} changes/s`;
  return [
    atMost(`${what}: p95 from commit to frame`, byApi.p95, 150, 'ms'),
    figure(`${what}: p50`, byApi.p50, 'ms'),
    figure(`${what}: frames`, (byApi.frames * 1_000) / options.ms, '/s'),
    figure(`${what}: gateway`, over.gateway, '% of a core'),
    figure(`${what}: PostgreSQL`, over.postgres, '% of a core'),
    figure(`${what}: p95, changes by SQL (found by a poll every 250 ms)`, bySql.p95, 'ms'),
  ];
};
