// @ts-check
// npm run generate: generates all derived files, such as the Prisma client, the printed schema and the console's types.
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

await runScript(async () => {
  await prepareSources();
  const steps = [
    [inRoot('gateway/scripts/schema-print.mjs')],
    // The types for the console's operations depend on the schema that was just printed.
    [commandFile('@graphql-codegen/cli', 'graphql-codegen'), '--errors-only'],
    [inRoot('gateway/scripts/console-actions.mjs')],
  ];
  for (const [script = '', ...args] of steps) {
    const { code } = await runNode(script, args);
    if (code !== 0) process.exitCode = code;
  }
});
