import {
  destination as stdoutDestination,
  pino,
  stdTimeFunctions,
  type DestinationStream,
  type Logger as PinoLogger,
} from 'pino';

import { describeError, safeMessage, maskSecrets, redactFields } from './redaction.ts';

export type Logger = PinoLogger;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `json`: one object per line, for programs. `pretty`: for a developer's terminal. */
  readonly format: 'json' | 'pretty';
  /** @default standard output */
  readonly destination?: DestinationStream;
}

/**
 * Creates the logger. Pass errors as `err`. Fields whose names indicate a secret are redacted (`redactFields`), and
 * text that looks like a credential is masked (`maskSecrets`).
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

/**
 * Redacts the fields of child loggers, which pino does not pass to formatters. Child loggers inherit this `child`
 * method.
 */
function redactChildren(logger: Logger): Logger {
  // The method is unbound. It is called with each logger as `this`.
  const pinoChild: (...args: never[]) => Logger = Reflect.get(logger, 'child');
  const redactingChild = function (this: Logger, bindings: object, options?: object) {
    // Reflect.apply cannot infer the return type of pino's generic method.
    return Reflect.apply(pinoChild, this, [redactFields({ ...bindings }), options]) as Logger;
  };
  return Object.assign(logger, { child: redactingChild });
}

/** Without this hook, `logger.error(error)` would log the error's unmasked message. */
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

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const colours: Readonly<Record<string, number>> = {
  trace: 90,
  debug: 90,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 31,
};

/**
 * Converts a JSON log line to a readable line, followed by the error's stack if there is one:
 * `18:06:37.123 INFO  listening port=4000`
 */
function prettyLine(jsonLine: string): string {
  // This JSON object was just written by our own logger.
  const entry = JSON.parse(jsonLine) as Record<string, unknown>;
  const { level, time, msg, err, ...fields } = entry;
  const name = String(level);
  const label = `\u001b[${colours[name] ?? 39}m${name.toUpperCase().padEnd(5)}\u001b[39m`;
  const rest = Object.entries(fields).map(([key, value]) => dim(`${key}=${showValue(value)}`));
  const head = [dim(String(time).slice(11, 23)), label, showValue(msg ?? ''), ...rest].join(' ');
  return `${head}\n${showStack(err)}`;
}

function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function showStack(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return '';
  return `${String(error.stack).replaceAll(/^/gm, '  ')}\n`;
}
