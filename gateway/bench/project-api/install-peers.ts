import { fileURLToPath } from 'node:url';

import { npm } from '../../scripts/lib/install.mjs';
import { ScriptError, withProgress } from '../../scripts/lib/progress.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { fingerprint, isStamped, writeStamp } from '../../scripts/lib/stamp.mjs';

/** The peers have their own package, so that they are not dependencies of the product. */
export const peersFolder = fileURLToPath(new URL('peers', import.meta.url));

/** Installs the peers' locked packages unless they are already installed. */
export async function installPeers(): Promise<void> {
  const stampFile = `${peersFolder}/node_modules/.tessera-install`;
  const wanted = fingerprint([`${peersFolder}/package.json`, `${peersFolder}/package-lock.json`]);
  if (isStamped(stampFile, wanted)) return;
  await withProgress('Installing the peers: PostGraphile, Mercurius and Node 22', cleanInstall);
  writeStamp(stampFile, wanted);
}

async function cleanInstall(): Promise<void> {
  const [file, ...args] = npm();
  // None of the packages needs its install scripts.
  const ci = ['ci', '--prefix', peersFolder, '--ignore-scripts', '--loglevel=error'];
  const { code, output } = await run(file, [...args, ...ci], { capture: true });
  if (code !== 0) throw new ScriptError(`${output}\nThe peers could not be installed.`);
}
