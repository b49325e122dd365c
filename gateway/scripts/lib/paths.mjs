// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root without a trailing slash. */
export const root = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)));

/**
 * Returns the absolute path of a file or folder in the project.
 * @param {...string} parts
 */
export const inRoot = (...parts) => join(root, ...parts);

/**
 * Returns the path of the JavaScript file for a package's command. Running it with `process.execPath` works on every
 * platform and needs no shell.
 * @param {string} packageName
 * @param {string} [command] the command's name if it differs from the package's name
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
