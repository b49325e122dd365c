// @ts-check
// npm run docs: builds the documentation site in dist/docs.
import { buildDocs, docsDirectory } from './lib/docs.mjs';
import { installDependencies } from './lib/install.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await installDependencies();
  await buildDocs();
  console.log(`The documentation is in ${docsDirectory}.`);
});
