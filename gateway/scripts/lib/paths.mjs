// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root, with no slash at its end. */
export const root = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)));

/**
 * A path inside the project.
 * @param {...string} parts
 */
export const inRoot = (...parts) => join(root, ...parts);

/**
 * The JavaScript file behind a package's command, to be run with `process.execPath`: that works on
 * every platform and needs no shell in between.
 * @param {string} packageName
 * @param {string} [command] the command's name, where it differs from the package's
 */
export function commandFile(packageName, command = packageName) {
  const folder = inRoot('node_modules', packageName);
  const { bin } = /** @type {{ bin: string | Record<string, string> }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  );
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command "${command}".`);
  return join(folder, file);
}
