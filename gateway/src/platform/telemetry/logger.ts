import { destination as stdoutDestination, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { describeError, safeMessage } from './describe-error.ts';
import { maskSecrets } from './mask-secrets.ts';
import { prettyLine } from './pretty-line.ts';
import { redactFields } from './redact-fields.ts';

export type Logger = PinoLogger;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `json`: one object per line, for machines. `pretty`: for a developer's terminal. */
  readonly format: 'json' | 'pretty';
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

/**
 * The log. Errors go under `err`; fields that usually hold secrets are left out by name
 * (`redactFields`), and what looks like a credential in any text is masked (`maskSecrets`).
 */
export function createLogger({ level, format, destination }: LoggerOptions): Logger {
  const output = destination ?? stdoutDestination({ dest: 1, sync: true });
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: redactFields,
    },
    serializers: {
      err: (value: unknown) => (value instanceof Error ? describeError(value) : value),
    },
    hooks: { logMethod: logErrorsBySafeMessage, streamWrite: maskSecrets },
  };
  return redactChildren(pino(options, format === 'pretty' ? prettyDestination(output) : output));
}

/** Pino gives a child's fields to no formatter; children inherit this `child` from their parent. */
function redactChildren(logger: Logger): Logger {
  // The method itself, to be called on whichever logger makes the child.
  const pinoChild: (...args: never[]) => Logger = Reflect.get(logger, 'child');
  const redactingChild = function (this: Logger, bindings: object, options?: object) {
    // Pino's own method, whose type parameters Reflect.apply cannot follow.
    return Reflect.apply(pinoChild, this, [redactFields({ ...bindings }), options]) as Logger;
  };
  return Object.assign(logger, { child: redactingChild });
}

/** `logger.error(error)` would otherwise take the error's raw message as its own. */
function logErrorsBySafeMessage(
  this: Logger,
  args: readonly unknown[],
  method: (...args: never[]) => void,
): void {
  const [first, message] = args;
  const error = first instanceof Error ? first : errorOf(first);
  const safeArgs =
    error === undefined || message !== undefined
      ? args
      : [first === error ? { err: error } : first, safeMessage(error)];
  Reflect.apply(method, this, safeArgs);
}

function errorOf(fields: unknown): Error | undefined {
  if (typeof fields !== 'object' || fields === null || !('err' in fields)) return undefined;
  return fields.err instanceof Error ? fields.err : undefined;
}

function prettyDestination(output: DestinationStream): DestinationStream {
  return { write: (line) => output.write(prettyLine(line)) };
}
