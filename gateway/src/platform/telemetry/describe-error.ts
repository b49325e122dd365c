const maxTextLength = 4_000;
const maxDepth = 5;
const maxErrors = 5;
/** Fields that name a place or a kind and never carry a row's values or a statement's parameters. */
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
 * An error as a plain object for the log: type, message, stack, causes, and of PostgreSQL's fields those that
 * name things. Left out is what repeats values: `detail`, `where`, `query`, `parameters`, Prisma's `meta` and
 * the arguments that its messages quote.
 */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const message = safeMessage(error);
  const described: Record<string, unknown> = { type: error.name, message };
  for (const field of safeFields) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === 'string' || typeof value === 'number') described[field] = value;
  }
  described.stack = `${error.name}: ${message}${stackFrames(error)}`.slice(0, maxTextLength);
  if (depth < maxDepth) {
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

/** The message of an error without the values that databases' messages quote. */
export function safeMessage(error: Error): string {
  const message = isDatabaseError(error) ? withoutQuotedValues(error.message) : error.message;
  return withoutArguments(error.name, message).slice(0, maxTextLength);
}

/** A PostgreSQL error of class 22 (data exception) quotes the value: `invalid input syntax … "secret"`. */
function isDatabaseError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^22[0-9A-Z]{3}$/.test(error.code);
}

function withoutQuotedValues(message: string): string {
  return message.replace(/"[^]*"/, '"…"');
}

/** Prisma quotes the whole call, arguments and all, between the first line and the last. */
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
