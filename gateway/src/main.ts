// The entry point: reads the environment, starts the gateway and shuts it down gracefully.
import { fileURLToPath } from 'node:url';
import { parseConfig, type Config } from './config.ts';
import { createLifecycle, StopRequested } from './platform/lifecycle/lifecycle.ts';
import { superviseProcess } from './platform/lifecycle/supervise.ts';
import { createLogger } from './platform/telemetry/logger.ts';
import { announcementText } from './startup/announcement.ts';
import { startFailureMessage } from './startup/start-error.ts';
import { startGateway } from './startup/start-gateway.ts';

/** The project root, which is two folders above both gateway/src and dist/gateway. */
const root = fileURLToPath(new URL('../..', import.meta.url));

try {
  await run(parseConfig(process.env, { isTerminal: process.stdout.isTTY }));
} catch (error) {
  writeFailure(error);
  process.exitCode = 1;
}

async function run(config: Config): Promise<void> {
  const logger = createLogger(config.log);
  const lifecycle = createLifecycle({ logger });
  const { stop, fail } = superviseProcess({ process, lifecycle, logger });
  try {
    const announcement = await startGateway({
      config,
      logger,
      lifecycle,
      root,
      onDatabaseLost: fail,
    });
    if (config.mode === 'production') logger.info(announcement, 'Tessera is ready');
    else process.stdout.write(announcementText(announcement));
  } catch (error) {
    // The code that requested the stop also stops the process.
    if (error instanceof StopRequested) return;
    await lifecycle.stop();
    writeFailure(error);
    await stop(1);
  }
}

function writeFailure(error: unknown): void {
  console.error(startFailureMessage(error) ?? error);
}
