// @ts-check
// npm run tessera -- …: the command line, made ready if it is stale and run in this very process.
import { pathToFileURL } from 'node:url';
import { bundleCli, cliFile } from './lib/bundle-cli.mjs';
import { installDependencies } from './lib/install.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await installDependencies();
  await bundleCli();
  // npm runs its scripts in the project's root; files are named from where the caller stands.
  const { npm_lifecycle_event: script, INIT_CWD: callersFolder } = process.env;
  if (script === 'tessera' && callersFolder) process.chdir(callersFolder);
  await import(pathToFileURL(cliFile).href);
});
