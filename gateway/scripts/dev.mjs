// @ts-check
// npm run dev: runs the gateway from source and starts it anew when a source changes, and beside it Vite, which
// serves the console from its sources and hands everything else to the gateway. A change of
// prisma/schema.prisma generates the client again, which is itself a change of sources.
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadDotEnv } from './lib/dot-env.mjs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { generatePrismaClient, schemaFile } from './lib/prisma-client.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';
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

/** @param {string} gateway where the gateway is going to answer */
async function serveConsole(gateway) {
  // The console's configuration reads it.
  process.env.TESSERA_GATEWAY = gateway;
  const { createServer } = await import('vite');
  const server = await createServer({ configFile: inRoot('console/vite.config.ts') });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new ScriptError('Vite did not say where the console is.');
  return { origin: new URL(address).origin, close: () => server.close() };
}

await runScript(async () => {
  await prepareSources();
  loadDotEnv();
  const vite = await serveConsole(`http://127.0.0.1:${process.env.PORT || '4000'}`);
  console.log(`The console, following its sources: ${vite.origin}/`);
  const watcher = watchPrismaSchema();
  const { code } = await runNode(
    commandFile('tsx'),
    ['watch', '--clear-screen=false', 'gateway/src/main.ts'],
    // Links in mail lead to where the console is.
    { env: { ...process.env, PUBLIC_URL: process.env.PUBLIC_URL || vite.origin } },
  );
  watcher.close();
  await vite.close();
  process.exitCode = code;
});
