// @ts-check
// npm run docs:pictures: retakes the README's screenshots and copies them to docs/images.
import { copyFileSync, mkdirSync } from 'node:fs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

await runScript(async () => {
  await prepare();
  const { code } = await runNode(commandFile('vitest'), ['run', 'console/e2e/readme.e2e.ts']);
  if (code !== 0) throw new ScriptError('The journey failed, so docs/images is unchanged.');
  mkdirSync(inRoot('docs/images'), { recursive: true });
  for (const theme of ['light', 'dark']) {
    copyFileSync(
      inRoot(`console/e2e/screenshots/readme-${theme}-desktop.png`),
      inRoot(`docs/images/console-${theme}.png`),
    );
  }
  console.log('Wrote docs/images/console-light.png and docs/images/console-dark.png.');
});
