// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isReady, localOrigin, readyGateways } from './gateway-files.mjs';
import { inRoot, root } from './paths.mjs';
import { ScriptError } from './progress.mjs';

const startTimeoutMs = 120_000;

/**
 * Runs `work` with the address of a gateway that is running on this machine. If none is running, starts one and stops
 * it afterwards.
 * @param {string | undefined} port the PORT that the user chose; otherwise, the gateway is found
 * @param {(origin: string) => Promise<void>} work
 * @returns {Promise<boolean>} whether the gateway is still running
 */
export async function withRunningGateway(port, work) {
  const running = await findGateway(port);
  if (running !== null) {
    await work(running);
    return true;
  }
  const stop = await startGateway();
  try {
    await work(localOrigin(process.env));
  } finally {
    await stop();
  }
  return false;
}

/**
 * @param {string | undefined} port
 * @returns {Promise<string | null>} null if no gateway is running
 */
async function findGateway(port) {
  const configured = localOrigin(process.env);
  if (port) return (await isReady(configured)) ? configured : null;
  const [first, ...more] = await readyGateways();
  if (more.length > 0) {
    const list = [first, ...more].map((each) => `  ${each?.origin} (process ${each?.pid})`);
    throw new ScriptError(
      `Several gateways are running. Choose one with PORT:\n${list.join('\n')}`,
    );
  }
  if (first !== undefined) return first.origin;
  return (await isReady(configured)) ? configured : null;
}

/** @returns {Promise<() => Promise<void>>} a function that stops the gateway */
async function startGateway() {
  const child = spawn(process.execPath, [inRoot('gateway/scripts/start.mjs')], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const ready = new Promise((resolve) => {
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      seen = (seen + text).slice(-10_000);
      if (seen.includes('Tessera is ready')) resolve(true);
    });
  });
  const tooLate = AbortSignal.timeout(startTimeoutMs);
  const started = await Promise.race([
    ready,
    exited.then(() => false),
    once(tooLate, 'abort').then(() => false),
  ]);
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  if (started !== true) {
    await stop();
    throw new ScriptError('The gateway did not start.');
  }
  return stop;
}
