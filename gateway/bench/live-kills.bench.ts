// Kills 20 gateways with SIGKILL while two writers change rows, one over the API and one by SQL, and a stream of changes
// keeps a copy of the rows. Target: no change is lost, and no row goes back to an earlier version.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';

import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { followThroughKills, killSdl } from '../test/live/kills.ts';
import { startGateway } from '../test/process.ts';
import { makeProjectOf, register } from './project-api/project.ts';

const kills = 20;

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  logger: pino({ level: 'error' }),
  temporary: true,
});
const env = { DATABASE_URL: postgres.url, DATA_DIR: directory };
let gateway = await startGateway({ env });
try {
  const project = await makeProjectOf(gateway.origin, await register(gateway.origin), killSdl);
  const outcome = await followThroughKills({ env, gateway, project, kills });
  ({ gateway } = outcome);
  const { writes, events, reconnects, lost, wentBack } = outcome;
  console.log(
    `${kills} kills: ${writes.byApi} writes over the API, ${writes.bySql} by SQL, ${events} events, ${reconnects} reconnects, ${lost.length} rows lost, ${wentBack} rows went back`,
  );
  if (lost.length > 0 || wentBack > 0) {
    console.error(`Changes were lost or rows went back:\n${lost.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await gateway.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}
