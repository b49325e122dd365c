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
 * One JSON log line as one that people read, plus a stack when there is one:
 * `18:06:37.123 INFO  listening port=4000`
 */
function prettyLine(jsonLine: string): string {
  // What our own logger wrote a moment ago: a JSON object.
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
