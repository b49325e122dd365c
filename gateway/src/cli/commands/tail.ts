import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { type Change, type ChangeOperation, openFeed } from '../gateway/change-feed.ts';
import { createGraphqlClient, type GraphqlClient } from '../gateway/graphql-client.ts';
import { printable, type Paint } from '../render/terminal.ts';

export interface TailOptions {
  readonly model: string;
  readonly operations?: readonly ChangeOperation[];
  readonly after?: string;
  readonly json?: boolean;
}

export interface TailContext {
  /** The URL of the management API. */
  readonly address: URL;
  readonly key: string;
  readonly timeoutMs: number;
  /** Writes a line to stdout, and waits while its reader is slow. */
  readonly writeLine: (line: string) => Promise<void>;
  /** Writes a message for people to stderr. */
  readonly tell: (text: string) => void;
  readonly paint: Paint;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

/**
 * `tessera changes tail`: prints the changes of a model until it is interrupted. A connection that is lost is opened
 * again at the last change, so that no change is missed.
 * @throws CliError if the changes cannot be followed, or not any longer
 */
export async function tailChanges(context: TailContext, options: TailOptions): Promise<void> {
  const { address, key, timeoutMs, signal } = context;
  const management = createGraphqlClient({ address, key, timeoutMs });
  const project = await projectOf(management);
  const endpoint = new URL(`/p/${project}/graphql`, address);
  const api = createGraphqlClient({ address: endpoint, key, timeoutMs });
  const { model, operations } = options;
  const document = documentOf(model, await keySelection(api, model));
  let after = options.after ?? (await presentCursor(api, model));
  const state = { failures: 0, wasOpen: false };
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      const onOpen = () => {
        if (!state.wasOpen || state.failures > 0)
          context.tell(`Following the changes of ${model}.\n`);
        Object.assign(state, { failures: 0, wasOpen: true });
      };
      const feed = openFeed({ address: endpoint, key, timeoutMs, signal, onOpen }, document, {
        after,
        operations,
      });
      for await (const change of feed) {
        await context.writeLine(lineOf(change, options, context.paint));
        after = change.cursor;
      }
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (!state.wasOpen || !passes(error)) throw explained(error, model);
    }
    if (isOver()) return;
    state.failures += 1;
    const seconds = Math.min(30, 2 ** (state.failures - 1));
    context.tell(`The connection was lost. Connecting again in ${seconds} s.\n`);
    await wait(seconds * 1_000, undefined, { signal }).catch(() => undefined);
  }
}

async function projectOf(client: GraphqlClient): Promise<string> {
  // The document selects these fields, and the gateway's schema guarantees their types.
  const { currentApiKey } = (await client.request(
    'query CommandLineKey { currentApiKey { project { ref } } }',
  )) as { readonly currentApiKey: { readonly project: { readonly ref: string } } | null };
  if (currentApiKey !== null) return currentApiKey.project.ref;
  throw new CliError('UNAUTHENTICATED', 'The gateway rejected this API key.');
}

interface Introspected {
  readonly model: object | null;
  readonly change: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: { readonly fields: readonly { readonly name: string }[] | null };
    }[];
  } | null;
}

/** The selection of the key of a change. A key without the scope schema.read cannot introspect the API. */
async function keySelection(api: GraphqlClient, model: string): Promise<string> {
  let introspected: Introspected;
  try {
    // The document selects these fields.
    introspected = (await api.request(introspection, {
      model,
      change: `${model}Change`,
    })) as Introspected;
  } catch (error) {
    const isClosed = error instanceof CliError && introspectionRefused.has(error.code);
    if (isClosed) return 'key: id';
    throw error;
  }
  if (introspected.model === null) {
    throw new CliError('NO_MODEL', `The project has no model ${model} that this key can read.`, {
      hint: 'Names of models are case-sensitive: --model Issue.',
    });
  }
  if (introspected.change === null) throw notLive(model);
  const { fields } = introspected.change;
  const key = fields.find(({ name }) => name === 'key')?.type.fields;
  return key == null ? 'key: id' : `key { ${key.map(({ name }) => name).join(' ')} }`;
}

const introspection = `query CommandLineModel($model: String!, $change: String!) {
  model: __type(name: $model) { name }
  change: __type(name: $change) { fields { name type { fields { name } } } }
}`;

const introspectionRefused: ReadonlySet<string> = new Set([
  'FORBIDDEN',
  'GRAPHQL_VALIDATION_FAILED',
]);

const notLive = (model: string): CliError =>
  new CliError('NOT_LIVE', `The changes of ${model} are not logged.`, {
    hint: `Add @live to the model and apply the schema: type ${model} @model @live`,
  });

/** The end of the log, from which the command follows it. */
async function presentCursor(api: GraphqlClient, model: string): Promise<string> {
  try {
    // The document selects this field, which is a text.
    const { changesCursor } = (await api.request('query CommandLineCursor { changesCursor }')) as {
      readonly changesCursor: string;
    };
    return changesCursor;
  } catch (error) {
    throw error instanceof CliError ? explained(error, model) : error;
  }
}

function documentOf(model: string, key: string): string {
  return `subscription CommandLineTail($after: Cursor, $operations: [ChangeOperation!]) {
    change: ${fieldOf(model)}(after: $after, operations: $operations) {
      cursor operation ${key} changed at
    }
  }`;
}

/** The name of the field of a model: `Issue` → `issueChanges`, `HTTPServer` → `httpServerChanges`. */
function fieldOf(model: string): string {
  const one = model.replace(/^_*(?:[A-Z]+(?=[A-Z](?!s(?![a-z]))[a-z])|[A-Z]+)/, (start) =>
    start.toLowerCase(),
  );
  return `${one}Changes`;
}

/** Errors that can pass without a change of the command: the next connection might work. */
function passes({ code }: CliError): boolean {
  return passing.has(code);
}

const passing: ReadonlySet<string> = new Set([
  ...['CONNECTION_REFUSED', 'CONNECTION_LOST', 'CONNECTION_FAILED', 'UNREACHABLE', 'UNKNOWN_HOST'],
  ...['NO_ANSWER', 'NOT_READY', 'OVERLOADED', 'RATE_LIMITED', 'TIMEOUT', 'INTERNAL_SERVER_ERROR'],
]);

/** Says what to do about an error of a subscription. */
function explained(error: CliError, model: string): CliError {
  switch (error.code) {
    case 'GRAPHQL_VALIDATION_FAILED':
      return error.message.includes('"id"')
        ? new CliError('FORBIDDEN', `The key of ${model} has several fields.`, {
            hint: 'The API key needs the scope schema.read to find their names.',
          })
        : new CliError('NOT_LIVE', `This key cannot follow the changes of ${model}.`, {
            hint: `Check that the model exists, that it has @live (type ${model} @model @live), and that the key has the scope data.read.`,
          });
    case 'CURSOR_EXPIRED':
      return new CliError(error.code, error.message, {
        hint: 'Changes after this cursor are not in the log anymore. Read the rows again, then follow the changes without --after.',
        requestId: error.requestId,
      });
    default:
      return error;
  }
}

function lineOf(change: Change, { model, json }: TailOptions, paint: Paint): string {
  const { cursor, operation, key, changed, at } = change;
  if (json === true) return JSON.stringify({ cursor, model, operation, key, changed, at });
  // Keys are texts, numbers, or objects of them.
  const id = key === null ? '' : printable(typeof key === 'string' ? key : JSON.stringify(key));
  const parts = [paint('dim', cursor), paint(colours[operation], operation.padEnd(7)), id];
  return [...parts, changed.map(printable).join(', ')].join('  ').trimEnd();
}

const colours = { CREATED: 'green', UPDATED: 'yellow', DELETED: 'red', RESET: 'magenta' } as const;
