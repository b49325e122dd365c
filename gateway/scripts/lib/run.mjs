// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/**
 * @typedef {object} RunResult
 * @property {number} code the exit code, or 128 plus the number of the signal that terminated the command, as in a shell
 * @property {string} output the output on stdout and stderr, if captured
 */

/** Signals that terminate this process. They are forwarded to the command, which would keep running otherwise. */
const endingSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a command in the project's root and waits until it exits. It does not throw if the command fails. The caller
 * must check the exit code.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, capture?: boolean }} [options]
 * @returns {Promise<RunResult>}
 */
export function run(file, args, { env = process.env, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      env,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    /** @type {Buffer[]} */
    const chunks = [];
    const keep = (/** @type {Buffer} */ chunk) => void chunks.push(chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      // On Ctrl-C, a terminal sends SIGINT to the command too. A second signal would force it to exit immediately.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of endingSignals) process.on(signal, passOn);
    const end = () => void child.kill();
    // Node.js also emits `exit` after an unhandled error.
    process.on('exit', end);
    const settle = () => {
      process.off('exit', end);
      for (const signal of endingSignals) process.off(signal, passOn);
    };

    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      const signalNumber = signal === null ? 0 : constants.signals[signal];
      resolve({ code: code ?? 128 + signalNumber, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/**
 * Runs a JavaScript file with the current Node.js executable.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options);
