// @ts-check
// npm run generate: everything that is generated from something else and committed or built upon.
import { inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

await runScript(async () => {
  await prepareSources();
  const { code } = await runNode(inRoot('gateway/scripts/schema-print.mjs'), []);
  process.exitCode = code;
});
