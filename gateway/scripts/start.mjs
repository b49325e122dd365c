// @ts-check
// npm start: builds everything that is missing or out of date, then runs the gateway in this process, so that it
// receives Ctrl-C and SIGTERM directly.
import { pathToFileURL } from 'node:url';
import { bundleFile } from './lib/bundle.mjs';
import { loadDotEnv } from './lib/dot-env.mjs';
import { recordGateway } from './lib/gateway-files.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await prepare();
  loadDotEnv();
  recordGateway();
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(bundleFile).href);
});
