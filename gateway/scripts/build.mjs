// @ts-check
// npm run build: builds everything that `npm start` and `npm run tessera` need, without running them. With arguments,
// such as `node gateway/scripts/build.mjs console`, builds only these parts, from only their own files.
import { bundleCli } from './lib/bundle-cli.mjs';
import { bundleGateway } from './lib/bundle.mjs';
import { bundleConsole } from './lib/console.mjs';
import { buildDocs } from './lib/docs.mjs';
import { installDependencies } from './lib/install.mjs';
import { generatePrismaClient } from './lib/prisma-client.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const parts = {
  async gateway() {
    await generatePrismaClient();
    await bundleGateway();
    await bundleCli();
  },
  console: bundleConsole,
  docs: buildDocs,
};

await runScript(async () => {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
  const unknown = names.find((name) => parts[name] === undefined);
  if (unknown !== undefined) {
    throw new ScriptError(
      `There is no part "${unknown}". The parts are ${Object.keys(parts).join(', ')}.`,
    );
  }
  await installDependencies();
  for (const name of names) await parts[name]?.();
});
