// @ts-check

/**
 * Prints a message, does the work, and prints how long it took.
 * @template T
 * @param {string} what for example "Installing dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const startedAt = performance.now();
  // Printed to stderr because another program might read the command's stdout.
  console.error(`${what} …`);
  const result = await work();
  console.error(`${what}: done in ${seconds(performance.now() - startedAt)}`);
  return result;
}

/** @param {number} milliseconds */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** An expected script failure, which is printed without a stack trace. */
export class ScriptError extends Error {}

/**
 * Runs a script's main function. If the function throws, prints the error and sets the exit code to 1.
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
