// @ts-check
// npm run dev: runs the gateway from source and starts it anew when a source changes. A change of
// prisma/schema.prisma generates the client again, which is itself a change of sources.
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadDotEnv } from './lib/dot-env.mjs';
import { commandFile } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { generatePrismaClient, schemaFile } from './lib/prisma-client.mjs';
import { runScript } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

/** @param {unknown} error */
const report = (error) => console.error(error instanceof Error ? error.message : error);

/** Generates again after each change, one at a time; says what is wrong with a schema and goes on. */
function watchPrismaSchema() {
  let work = Promise.resolve();
  // The folder rather than the file: editors save by putting a new file in the old one's place.
  return watch(dirname(schemaFile), (_event, name) => {
    if (name !== basename(schemaFile)) return;
    work = work.then(generatePrismaClient).catch(report);
  });
}

await runScript(async () => {
  await prepareSources();
  loadDotEnv();
  const watcher = watchPrismaSchema();
  const { code } = await runNode(commandFile('tsx'), [
    'watch',
    '--clear-screen=false',
    'gateway/src/main.ts',
  ]);
  watcher.close();
  process.exitCode = code;
});
