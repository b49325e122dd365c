// @ts-check
// npm run build: builds everything that `npm start` and `npm run tessera` need, without running them.
import { bundleCli } from './lib/bundle-cli.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await prepare();
  await bundleCli();
});
