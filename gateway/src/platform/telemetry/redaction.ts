const censored = '[redacted]';
const maxDepth = 8;
const secretName =
  /authorization|cookie|password|passwd|secret|token|pepper|^(x-)?api[-_]?key$|connectionString|^(database|redis|smtp)_?url$/i;

/**
 * Returns a copy of a log entry's fields without secrets. Fields whose names indicate a secret (regardless of case, at
 * any depth) are replaced, and errors become plain objects without their SQL. Numbers and booleans are kept, because a
 * field such as `tokens: 2000` is not secret.
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

const maxTextLength = 4_000;
const maxCauses = 5;
const maxErrors = 5;
/** Error fields that never contain row values or statement parameters. */
const safeFields = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'syscall',
  'address',
  'port',
  'status',
] as const;

/**
 * Converts an error to a plain object for the log, with the type, message, stack, causes and the safe fields of
 * PostgreSQL errors. Omits fields that can contain values: `detail`, `where`, `query`, `parameters`, Prisma's `meta`
 * and the arguments in Prisma's messages.
 */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const message = safeMessage(error);
  const described: Record<string, unknown> = { type: error.name, message };
  for (const field of safeFields) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === 'string' || typeof value === 'number') described[field] = value;
  }
  described.stack = `${error.name}: ${message}${stackFrames(error)}`.slice(0, maxTextLength);
  if (depth < maxCauses) {
    if (error.cause instanceof Error) described.cause = describeError(error.cause, depth + 1);
    if (error instanceof AggregateError) described.errors = describeAll(error.errors, depth + 1);
  }
  return described;
}

function describeAll(failures: readonly unknown[], depth: number): unknown[] {
  return failures
    .slice(0, maxErrors)
    .map((failure) => (failure instanceof Error ? describeError(failure, depth) : typeof failure));
}

/** Returns the error's message without the values that database messages quote. */
export function safeMessage(error: Error): string {
  const message = isDatabaseError(error) ? withoutQuotedValues(error.message) : error.message;
  return withoutArguments(error.name, message).slice(0, maxTextLength);
}

/** PostgreSQL errors of class 22 (data exception) quote the value: `invalid input syntax … "secret"`. */
function isDatabaseError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^22[0-9A-Z]{3}$/.test(error.code);
}

function withoutQuotedValues(message: string): string {
  return message.replace(/"[^]*"/, '"…"');
}

/** Removes the lines between the first and the last, where Prisma quotes the call with its arguments. */
function withoutArguments(name: string, message: string): string {
  if (!name.startsWith('PrismaClient')) return message;
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const [first = '', last = ''] = [lines[0], lines.at(-1)];
  return lines.length < 2 ? first.trim() : `${first.trim()} … ${last.trim()}`;
}

function stackFrames(error: Error): string {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return frames.map((frame) => `\n${frame}`).join('');
}

const patterns: readonly (readonly [RegExp, string])[] = [
  // API keys. The prefix that identifies them is kept.
  [/(t[sp]k_[0-9A-Za-z]{8})[0-9A-Za-z]+/g, '$1…'],
  [/(?<![\w-])eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, 'eyJ…'],
  [/\b(Bearer|Basic) [\w.~+/=-]{8,}/g, '$1 …'],
  // The password in a connection string. \\. matches characters that are escaped in JSON.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"\\]{0,200}):(?:\\.|[^\s"\\]){0,500}@/gi, '$1:…@'],
  [/\b((?:[a-z]{1,20}_)?(?:token|password|secret)=)[^\s&"#\\]+/gi, '$1…'],
];

/**
 * Masks text that looks like a credential: API keys, JWTs, authorization headers, passwords in connection strings,
 * `token=…` in links. It catches secrets that `redactFields` does not recognize.
 */
export function maskSecrets(text: string): string {
  return patterns.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}
