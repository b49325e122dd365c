// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:net';
import { localOrigin, readyGateways } from './gateway-files.mjs';
import { ScriptError } from './progress.mjs';

/**
 * Checks that a gateway with these variables can listen on its port.
 * @param {NodeJS.ProcessEnv} env
 * @throws {ScriptError} says who uses the port and what to do
 */
export async function requireFreePort(env) {
  const port = Number(env.PORT || '4000');
  const server = createServer();
  server.listen({ host: env.HOST || '127.0.0.1', port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const isUsed = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isUsed) throw error;
    const origin = localOrigin(env);
    const gateway = (await readyGateways()).find((each) => each.origin === origin);
    throw new ScriptError(
      gateway === undefined
        ? `Port ${port} is used by another program. Stop it, or choose another port: PORT=${port + 1} npm run dev`
        : `A gateway is already running on port ${port} (process ${gateway.pid}). Stop it first, or choose another port: PORT=${port + 1} npm run dev`,
    );
  }
  server.close();
  await once(server, 'close');
}
