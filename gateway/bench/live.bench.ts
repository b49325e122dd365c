// Measures live queries and change streams: idle subscribers and WebSockets, readers that stop reading, changes for many
// subscribers, many watched projects, writes to live models, and what remains after a gateway was killed. A gateway
// process runs beside PostgreSQL, and the subscribers run in a process of their own. `--only` selects parts,
// `--seconds` sets the duration of each measurement, `--scale 0.1` runs with a tenth of the subscribers, and
// `--profile <folder>` writes CPU profiles of the gateway.
import { parseArgs } from 'node:util';

import { bundleGateway } from '../scripts/lib/bundle.mjs';
import { fanOut } from './live/fan-out.ts';
import { idleSockets, idleSubscribers } from './live/idle.ts';
import { kills } from './live/kills.ts';
import type { Part } from './live/part.ts';
import { watchedProjects } from './live/projects.ts';
import { printMissed, printRows, type Row } from './live/report.ts';
import { stalled } from './live/stalled.ts';
import { users } from './live/users.ts';
import { createWorld } from './live/world.ts';
import { writes } from './live/writes.ts';

const parts: Readonly<Record<string, Part>> = {
  idle: idleSubscribers,
  sockets: idleSockets,
  stalled,
  'fan-out': fanOut,
  users,
  projects: watchedProjects,
  writes,
  kills,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join(',') },
    seconds: { type: 'string', default: '8' },
    scale: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
});
const names = values.only.split(',');
const unknown = names.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  throw new Error(`--only ${unknown}: must be one of ${Object.keys(parts).join(', ')}.`);
}
const options = {
  ms: Number(values.seconds) * 1_000,
  scale: Number(values.scale),
  profiles: values.profile ?? null,
};

await bundleGateway();
const world = await createWorld();
const rows: Row[] = [];
try {
  for (const [name, part] of Object.entries(parts)) {
    if (!names.includes(name)) continue;
    console.log(`Measuring ${name} …`);
    rows.push(...(await part(world, options)));
  }
} catch (error) {
  console.error(world.lastError() ?? 'The gateway has logged no error.');
  throw error;
} finally {
  await world.stop();
  if (rows.length > 0) printRows(rows);
}
printMissed(rows);
if (rows.some(({ target }) => target?.isMet === false)) process.exitCode = 1;
