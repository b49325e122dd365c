// @ts-check
// npm run tessera -- …: builds the CLI if it is out of date and runs it in this process.
import { pathToFileURL } from 'node:url';
import { bundleCli, cliFile } from './lib/bundle-cli.mjs';
import { installDependencies } from './lib/install.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(async () => {
  await installDependencies();
  await bundleCli();
  // npm runs scripts in the project root, but paths in arguments are relative to the caller's folder.
  const { npm_lifecycle_event: script, INIT_CWD: callersFolder } = process.env;
  if (script === 'tessera' && callersFolder) process.chdir(callersFolder);
  await import(pathToFileURL(cliFile).href);
});
