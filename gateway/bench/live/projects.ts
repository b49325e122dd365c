// 1,000 projects with one subscriber each, in which nothing changes.
import { makeProjects } from '../project-api/many-projects.ts';
import { webSocketUrl } from './idle.ts';
import { cpuOf, expectFirstResults, profiled, sleep, type Part } from './part.ts';
import { atMost, figure } from './report.ts';

const settleMs = 5_000;
/** A small schema, because most of this part's time is spent on creating the projects. */
const sdl = 'type Note @model @live { id: ID! @id  text: String! }';
const query = 'subscription { notes(first: 5) { nodes { id text } } }';

export const watchedProjects: Part = async (world, options) => {
  const count = Math.round(1_000 * options.scale);
  const gateway = await world.start();
  const template = await world.createProject(sdl, []);
  const makingAt = performance.now();
  const projects = await makeProjects(world.databaseUrl, template, count);
  const making = performance.now() - makingAt;
  const { result: startMs, ...starting } = await cpuOf(world, gateway, async () => {
    const startedAt = performance.now();
    await world.clients.open(
      '',
      projects.map((project) => ({
        group: 'projects',
        url: webSocketUrl(gateway, project),
        payload: { apiKey: project.key },
        subscriptions: [{ query }],
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
    figure(`${count} watched projects: created in`, making / 1_000, 's'),
    figure(`… with the gateway at`, starting.gateway, '% of a core'),
  ];
};
