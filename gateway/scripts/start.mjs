// @ts-check
// npm start: makes ready what is missing or stale, then runs the gateway in this very process, so that
// Ctrl-C and SIGTERM reach it with nothing in between.
import { pathToFileURL } from 'node:url';
import { bundleFile } from './lib/bundle.mjs';
import { loadDotEnv } from './lib/dot-env.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await prepare();
  loadDotEnv();
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(bundleFile).href);
});
