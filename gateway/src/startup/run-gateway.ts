import { logFormatOf, parseConfig, type Config } from '../config.ts';
import { createLifecycle, StopRequested } from '../platform/lifecycle/lifecycle.ts';
import type { StopSignals } from '../platform/lifecycle/stop-signals.ts';
import { superviseProcess } from '../platform/lifecycle/supervise.ts';
import { createLogger } from '../platform/telemetry/logger.ts';
import { announcementText } from './announcement.ts';
import { startFailureMessage } from './start-error.ts';
import { startGateway } from './start-gateway.ts';

export interface ProcessOptions {
  readonly process: NodeJS.Process;
  readonly signals: StopSignals;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** The project root. */
  readonly root: string;
}

/** Starts the gateway and stops it in order after a signal. A failure to start is reported in the format of the log. */
export async function runGateway(options: ProcessOptions): Promise<void> {
  const { process, env, isTerminal } = options;
  try {
    await run(parseConfig(env, { isTerminal }), options);
  } catch (error) {
    reportStartFailure(error, logFormatOf(env, isTerminal));
    process.exitCode = 1;
  }
}

async function run(config: Config, { process, signals, root }: ProcessOptions): Promise<void> {
  const logger = createLogger(config.log);
  const lifecycle = createLifecycle({ logger });
  const { stop, fail } = superviseProcess({ process, signals, lifecycle, logger });
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
    reportStartFailure(error, config.log.format);
    await stop(1);
  }
}

/**
 * Prints the reason why the gateway cannot start: on a terminal as text, and for programs as the last line of the log,
 * even if LOG_LEVEL is `silent`.
 */
function reportStartFailure(error: unknown, format: Config['log']['format']): void {
  const message = startFailureMessage(error);
  if (format === 'pretty') console.error(message ?? error);
  else {
    createLogger({ level: 'fatal', format }).fatal(
      message === null ? { err: error } : {},
      message ?? 'The gateway could not start because of an unexpected error.',
    );
  }
}
