// @ts-check
// npm run generate: everything that is generated from something else and committed or built upon.
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

await runScript(async () => {
  await prepareSources();
  const steps = [
    [inRoot('gateway/scripts/schema-print.mjs')],
    // The console's operations are typed by the schema that was just printed.
    [commandFile('@graphql-codegen/cli', 'graphql-codegen'), '--errors-only'],
    [inRoot('gateway/scripts/console-actions.mjs')],
  ];
  for (const [script = '', ...args] of steps) {
    const { code } = await runNode(script, args);
    if (code !== 0) process.exitCode = code;
  }
});
