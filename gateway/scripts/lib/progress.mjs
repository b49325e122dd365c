// @ts-check

/**
 * Says what takes a while, does it, and says how long it took.
 * @template T
 * @param {string} what such as "Installing dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const startedAt = performance.now();
  // On stderr, since what a command prints may be read by a program.
  console.error(`${what} …`);
  const result = await work();
  console.error(`${what}: done in ${seconds(performance.now() - startedAt)}`);
  return result;
}

/** @param {number} milliseconds */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * A script could not do its work. The message is for the person at the terminal and needs no stack.
 */
export class ScriptError extends Error {}

/**
 * Runs a script's main function; an error becomes a message and exit code 1.
 * @param {() => Promise<unknown>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof ScriptError ? error.message : error);
    process.exitCode = 1;
  }
}
