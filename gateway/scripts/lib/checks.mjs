// @ts-check
import { seconds } from './progress.mjs';
import { runNode } from './run.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} file a JavaScript file, which is run with the current Node.js executable
 * @property {readonly string[]} args
 */

/**
 * Runs checks, at most `width` at a time. Prints a line for each completed check and the output of failed checks.
 * @param {readonly Check[]} checks the slowest first, so that they overlap with the others
 * @param {number} width
 * @returns {Promise<string[]>} the names of the failed checks
 */
export async function runChecks(checks, width) {
  const waiting = [...checks];
  /** @type {string[]} */
  const failed = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await passes(check))) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return failed;
}

/** @param {Check} check */
async function passes({ name, file, args }) {
  const startedAt = performance.now();
  const { code, output } = await runNode(file, args, { capture: true });
  const time = seconds(performance.now() - startedAt).padStart(7);
  console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(28)} ${time}`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}
