import { fileURLToPath } from 'node:url';

import { npm } from '../../scripts/lib/install.mjs';
import { ScriptError, withProgress } from '../../scripts/lib/progress.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { fingerprint, isStamped, writeStamp } from '../../scripts/lib/stamp.mjs';

/** Has a package of its own, so that the product does not carry what it is only compared with. */
export const peersFolder = fileURLToPath(new URL('peers', import.meta.url));

/** Installs the peers' locked packages unless just those are there. */
export async function installPeers(): Promise<void> {
  const stampFile = `${peersFolder}/node_modules/.tessera-install`;
  const wanted = fingerprint([`${peersFolder}/package.json`, `${peersFolder}/package-lock.json`]);
  if (isStamped(stampFile, wanted)) return;
  await withProgress('Installing the peers: PostGraphile, Mercurius and a Node 22', cleanInstall);
  writeStamp(stampFile, wanted);
}

async function cleanInstall(): Promise<void> {
  const [file, ...args] = npm();
  // None of the packages has to run a script of its own.
  const ci = ['ci', '--prefix', peersFolder, '--ignore-scripts', '--loglevel=error'];
  const { code, output } = await run(file, [...args, ...ci], { capture: true });
  if (code !== 0) throw new ScriptError(`${output}\nThe peers could not be installed.`);
}
