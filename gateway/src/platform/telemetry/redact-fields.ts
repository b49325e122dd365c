import { describeError } from './describe-error.ts';

const censored = '[redacted]';
const maxDepth = 8;
const secretName =
  /authorization|cookie|password|passwd|secret|token|pepper|^(x-)?api[-_]?key$|connectionString|^(database|redis|smtp)_?url$/i;

/**
 * A copy of a log entry's fields that is fit to be written: whatever a field is called that usually
 * holds a secret (in any case, at any depth) is replaced, and errors become plain objects without
 * their SQL. Numbers and booleans under such a name stay: `tokens: 2000` tells a limit.
 */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactRecord(fields, 0);
}

function redactRecord(record: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      holdsSecret(name, value) ? censored : redactValue(value, depth + 1),
    ]),
  );
}

function holdsSecret(name: string, value: unknown): boolean {
  const telling = typeof value === 'string' || (typeof value === 'object' && value !== null);
  return telling && secretName.test(name);
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (depth > maxDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactRecord(value, depth);
}
