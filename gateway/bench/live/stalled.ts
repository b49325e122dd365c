// 500 readers that stop reading from their sockets while their results keep changing, beside readers that go on.
import { randomInt } from 'node:crypto';

import type { BenchProject } from '../project-api/project.ts';
import { webSocketUrl } from './idle.ts';
import { profiled, sleep, usedKb, type Part } from './part.ts';
import { atMost, figure } from './report.ts';
import { fillRooms, messageUpdate, roomQuery, roomsSdl } from './rooms.ts';
import { createWriter } from './writer.ts';

/** Results of about 400 kB, so that the buffers of the sockets are soon full. */
const messages = 400;
const textLength = 900;
const stalledRooms = 5;
const healthyRooms = 50;
const healthySubscribers = 100;
const messagesOfHealthy = 20;
const changesPerSecond = 20;
const fillChangesPerSecond = 10;
/** A result for each room in every half second: 8 MB for each reader in 10 s. */
const fillMs = 10_000;

export const stalled: Part = async (world, options) => {
  const count = Math.round(500 * options.scale);
  const gateway = await world.start();
  const rooms = stalledRooms + healthyRooms;
  const project = await world.createProject(roomsSdl, fillRooms(rooms, messages, textLength));
  const url = webSocketUrl(gateway, project);
  const writer = createWriter(gateway.port, project);
  const ofHealthy = () =>
    messageUpdate(
      stalledRooms + randomInt(1, healthyRooms + 1),
      randomInt(messages),
      text('healthy'),
    );
  const ofStalled = () =>
    messageUpdate(randomInt(1, stalledRooms + 1), randomInt(messages), text('stalled'));
  const paceHealthy = () => writer.paced(changesPerSecond, options.ms, ofHealthy);

  await world.clients.open(url, readers(project, 'healthy', healthySubscribers));
  await writer.paced(changesPerSecond, 1_000, ofHealthy);
  await world.clients.count();
  await paceHealthy();
  await sleep(500);
  const alone = await world.clients.figures('healthy');

  await world.clients.open(url, readers(project, 'stalled', count));
  await sleep(500);
  const before = await usedKb(gateway);
  await world.clients.stall('stalled');
  await writer.paced(fillChangesPerSecond, fillMs, ofStalled);
  await world.clients.count();
  await profiled(gateway, options, 'stalled', () =>
    Promise.all([paceHealthy(), writer.paced(fillChangesPerSecond, options.ms, ofStalled)]),
  );
  await sleep(500);
  const beside = await world.clients.figures('healthy');
  const after = await usedKb(gateway);
  writer.close();
  await world.clients.close();
  return [
    atMost(`${count} readers that stopped: memory`, (after - before) / count, 1_024, 'kB each'),
    atMost(`others beside them: p95 from commit to frame`, beside.p95, 150, 'ms'),
    figure(`others alone: p95 from commit to frame`, alone.p95, 'ms'),
  ];
};

const text = (kind: string): string => `${kind} ${randomInt(2 ** 40)} `.padEnd(textLength, 't');

function readers({ key }: BenchProject, group: 'healthy' | 'stalled', count: number) {
  const query = (at: number) =>
    group === 'stalled'
      ? roomQuery(1 + (at % stalledRooms), messages)
      : roomQuery(1 + stalledRooms + (at % healthyRooms), messagesOfHealthy);
  return Array.from({ length: count }, (_, at) => ({
    group,
    payload: { apiKey: key },
    subscriptions: [query(at)],
  }));
}
