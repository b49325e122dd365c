// @ts-check
// npm run dev: runs the gateway from source and restarts it when a source file changes. Vite serves the console from
// source and forwards all other requests to the gateway. When prisma/schema.prisma changes, the Prisma client is
// generated again, which also restarts the gateway.
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadDotEnv } from './lib/dot-env.mjs';
import { requireFreePort } from './lib/free-port.mjs';
import { localOrigin, recordGateway } from './lib/gateway-files.mjs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { generatePrismaClient, schemaFile } from './lib/prisma-client.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

/** @param {unknown} error */
const report = (error) => console.error(error instanceof Error ? error.message : error);

/** Regenerates the client after each change, one change at a time. Reports an invalid schema and continues. */
function watchPrismaSchema() {
  let work = Promise.resolve();
  // Watches the folder because editors save a file by replacing it.
  return watch(dirname(schemaFile), (_event, name) => {
    if (name !== basename(schemaFile)) return;
    work = work.then(generatePrismaClient).catch(report);
  });
}

/** @param {string} gateway the gateway's address */
async function serveConsole(gateway) {
  // The console's Vite configuration reads this variable.
  process.env.TESSERA_GATEWAY = gateway;
  const { createServer } = await import('vite');
  const server = await createServer({ configFile: inRoot('console/vite.config.ts') });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new ScriptError('Vite returned no address for the console.');
  return { origin: new URL(address).origin, close: () => server.close() };
}

await runScript(async () => {
  loadDotEnv();
  // Checked first, because the preparation can take a minute.
  await requireFreePort(process.env);
  await prepareSources();
  recordGateway();
  const vite = await serveConsole(localOrigin(process.env));
  console.log(`Console (development server): ${vite.origin}/`);
  const watcher = watchPrismaSchema();
  const { code } = await runNode(
    commandFile('tsx'),
    ['watch', '--clear-screen=false', 'gateway/src/main.ts'],
    // Links in emails use the console's address.
    { env: { ...process.env, PUBLIC_URL: process.env.PUBLIC_URL || vite.origin } },
  );
  watcher.close();
  await vite.close();
  process.exitCode = code;
});
