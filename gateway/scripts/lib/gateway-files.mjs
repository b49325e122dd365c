// @ts-check
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';

// Tests use another folder, so that they do not find a gateway that the developer runs.
const folder = process.env.TESSERA_GATEWAY_RECORDS ?? inRoot('.cache', 'gateways');

/**
 * A gateway that one of the project's scripts started on this machine.
 * @typedef {object} KnownGateway
 * @property {number} pid
 * @property {string} origin
 */

/**
 * Records that this process runs a gateway, so that `npm run seed` and `npm run dev` find it. The file is removed when
 * the process exits. A failure to write it is not an error: the folder can be read-only.
 * @param {NodeJS.ProcessEnv} env the variables HOST and PORT determine the address
 */
export function recordGateway(env = process.env) {
  const file = join(folder, `${process.pid}.json`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify({ origin: localOrigin(env) }), { mode: 0o600 });
  } catch {
    return;
  }
  process.on('exit', () => rmSync(file, { force: true }));
}

/**
 * Returns the address at which this machine reaches a gateway with these variables.
 * @param {NodeJS.ProcessEnv} env
 */
export function localOrigin({ HOST, PORT }) {
  const isWildcard = !HOST || HOST === '0.0.0.0' || HOST === '::';
  const host = isWildcard ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST;
  return `http://${host}:${PORT || '4000'}`;
}

/**
 * Returns the recorded gateways that are ready. Removes the records of processes that were killed.
 * @returns {Promise<readonly KnownGateway[]>}
 */
export async function readyGateways() {
  const known = await Promise.all(
    recorded().map(async (gateway) => ((await isReady(gateway.origin)) ? [gateway] : [])),
  );
  return known.flat();
}

/** @returns {readonly KnownGateway[]} */
function recorded() {
  /** @type {string[]} */
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return []; // no gateway was ever started
  }
  return names.flatMap((name) => {
    const pid = Number(/^(\d+)\.json$/.exec(name)?.[1]);
    const file = join(folder, name);
    const origin = Number.isInteger(pid) && isRunning(pid) ? readOrigin(file) : null;
    if (origin !== null) return [{ pid, origin }];
    rmSync(file, { force: true });
    return [];
  });
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} file
 * @returns {string | null} null if the file is not valid
 */
function readOrigin(file) {
  try {
    const { origin } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof origin === 'string' && /^http:\/\/[^/]+:\d{1,5}$/.test(origin) ? origin : null;
  } catch {
    return null;
  }
}

/**
 * Reports whether a gateway at this address accepts requests.
 * @param {string} origin
 */
export async function isReady(origin) {
  try {
    const { ok } = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return ok;
  } catch {
    return false; // no server is listening
  }
}
