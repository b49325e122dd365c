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
export function prettyLine(jsonLine: string): string {
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
