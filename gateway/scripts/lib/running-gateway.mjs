// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inRoot, root } from './paths.mjs';
import { ScriptError } from './progress.mjs';

const startTimeoutMs = 120_000;

/**
 * Runs `work` while a gateway is running on this machine. If none is running, starts one and stops it afterwards.
 * @param {string} origin
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether the gateway is still running
 */
export async function withRunningGateway(origin, work) {
  if (await isReady(origin)) {
    await work();
    return true;
  }
  const stop = await startGateway();
  try {
    await work();
  } finally {
    await stop();
  }
  return false;
}

/** @param {string} origin */
async function isReady(origin) {
  try {
    const { ok } = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return ok;
  } catch {
    return false; // no server is listening
  }
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
