// 1,000 projects with one subscriber each, in which nothing changes.
import { makeProjects } from '../project-api/many-projects.ts';
import { webSocketUrl } from './idle.ts';
import { cpuOf, expectFirstResults, profiled, sleep, type Part } from './part.ts';
import { atMost, figure } from './report.ts';
import { roomQuery, roomsSdl } from './rooms.ts';

const settleMs = 2_000;

export const watchedProjects: Part = async (world, options) => {
  const count = Math.round(1_000 * options.scale);
  const gateway = await world.start();
  const template = await world.createProject(roomsSdl, []);
  const projects = await makeProjects(world.databaseUrl, template, count);
  const { result: startMs, ...starting } = await cpuOf(world, gateway, async () => {
    const startedAt = performance.now();
    await world.clients.open(
      '',
      projects.map((project) => ({
        group: 'projects',
        url: webSocketUrl(gateway, project),
        payload: { apiKey: project.key },
        subscriptions: [roomQuery(1)],
      })),
    );
    return performance.now() - startedAt;
  });
  await sleep(settleMs);
  await expectFirstResults(world, 'projects', count);
  const idle = await cpuOf(world, gateway, () =>
    profiled(gateway, options, 'projects', () => sleep(options.ms)),
  );
  await world.clients.close();
  return [
    atMost(`${count} watched projects: gateway`, idle.gateway, 5, '% of a core'),
    figure(`${count} watched projects: PostgreSQL`, idle.postgres, '% of a core'),
    figure(`${count} watched projects: subscribed in`, startMs / 1_000, 's'),
    figure(`… with the gateway at`, starting.gateway, '% of a core'),
  ];
};
