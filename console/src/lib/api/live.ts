import type { Client } from 'graphql-ws';

import { exactReviver } from '#console/lib/exact-json.ts';
import { session } from '#console/lib/session/session.ts';

import { ApiError } from './errors.ts';

export interface LiveOperation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A GraphQL response that a subscription sends. */
export interface LiveResult {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly { readonly message: string }[] | undefined;
}

export interface LiveSink {
  readonly next: (result: LiveResult) => void;
  /** The subscription has ended. The error is null if the gateway has completed it. */
  readonly end: (error: ApiError | null) => void;
}

/** The subscriptions of a page to a project's API, over one WebSocket. */
export interface ProjectLive {
  /** @returns a function that ends the subscription */
  subscribe(operation: LiveOperation, sink: LiveSink): () => void;
  /** Ends all subscriptions and closes the WebSocket. It is opened again by the next subscription. */
  close(): void;
}

export type LiveState = 'open' | 'lost';

interface LiveOptions {
  /** Called when the WebSocket was opened, and when it was lost and is opened again. */
  readonly onState?: (state: LiveState) => void;
}

/** Returns the payload of `connection_init`. `isRefused`: the gateway has refused the last one. */
type Credentials = (isRefused: boolean) => Promise<Readonly<Record<string, string>>>;

/** Subscriptions as the signed-in member, whose access token is renewed while the WebSocket is open. */
export const memberLive = (ref: string, options?: LiveOptions): ProjectLive =>
  connect(ref, memberCredentials, { ...options, isRenewable: true });

/** Subscriptions with an API key, or with an access token. */
export function keyLive(ref: string, key: string, options?: LiveOptions): ProjectLive {
  const name = /^t[sp]k_/.test(key) ? 'apiKey' : 'accessToken';
  return connect(ref, () => Promise.resolve({ [name]: key }), { ...options, isRenewable: false });
}

async function memberCredentials(isRefused: boolean): Promise<Readonly<Record<string, string>>> {
  // The clock of this computer might not show that the token has expired.
  if (isRefused) await session.refresh();
  const accessToken = await session.authorized((token) => Promise.resolve(token));
  if (accessToken === null) throw new ApiError('UNAUTHENTICATED', 'You are signed out.');
  return { accessToken };
}

/** A token is renewed 30 s before it expires (see `Session`), so that each look in this interval finds the new one. */
const renewEveryMs = 20_000;
/** The code of the error after a WebSocket was closed because its credentials are not valid. */
const refused = 'CLOSED_4401';
/** The codes of a WebSocket that the gateway has closed because of its credentials. */
const refusals: ReadonlySet<number> = new Set([4401, 4403]);
/** graphql-ws waits 1, 2, 4, 8 and 16 s between its attempts. */
const attempts = 5;
/** The codes of errors after which the gateway expects that a client subscribes again. */
const passing: ReadonlySet<string> = new Set(['OVERLOADED', 'RATE_LIMITED']);

function connect(
  ref: string,
  credentials: Credentials,
  options: LiveOptions & { readonly isRenewable: boolean },
): ProjectLive {
  let client: Promise<Client> | null = null;
  const open = (isRefused: boolean) =>
    (client ??= createLiveClient(ref, { credentials, isRefused }, options));
  return {
    subscribe(operation, sink) {
      let stop: (() => void) | null = null;
      let isStopped = false;
      /** Whether the credentials were renewed since the last result. */
      let isRenewed = false;
      let failures = 0;
      let again: number | undefined;
      const run = (used: Promise<Client>) => {
        used.then(
          (ready) => {
            if (isStopped) return;
            stop = start(ready, operation, {
              next(result) {
                isRenewed = false;
                failures = 0;
                sink.next(result);
              },
              end(error) {
                // graphql-ws does not connect again, but the session might have a newer token.
                if (error?.code === refused && options.isRenewable && !isRenewed) {
                  isRenewed = true;
                  if (client === used) client = null;
                  run(open(true));
                } else if (error !== null && passing.has(error.code) && failures < attempts) {
                  again = window.setTimeout(() => run(open(false)), 1_000 * 2 ** failures);
                  failures += 1;
                } else sink.end(error);
              },
            });
          },
          (error: unknown) => sink.end(connectionError(error)),
        );
      };
      run(open(false));
      return () => {
        isStopped = true;
        clearTimeout(again);
        stop?.();
      };
    },
    close() {
      void client?.then((ready) => ready.dispose());
      client = null;
    },
  };
}

function start(client: Client, { document, variables }: LiveOperation, sink: LiveSink) {
  let isOver = false;
  const end = (error: ApiError | null) => {
    if (isOver) return;
    isOver = true;
    sink.end(error);
  };
  const dispose = client.subscribe(
    { query: document, ...(variables !== undefined && { variables: { ...variables } }) },
    {
      next: (result) => {
        if (!isOver) sink.next(result);
      },
      error: (error) => end(Array.isArray(error) ? refusalOf(error) : connectionError(error)),
      complete: () => end(null),
    },
  );
  return () => {
    isOver = true;
    dispose();
  };
}

async function createLiveClient(
  ref: string,
  { credentials, isRefused: wasRefused }: { credentials: Credentials; isRefused: boolean },
  { onState }: LiveOptions,
): Promise<Client> {
  // Only pages with subscriptions load the library.
  const { createClient } = await import('graphql-ws');
  const url = new URL(`/p/${ref}/graphql`, location.origin.replace(/^http/, 'ws'));
  let renewal: number | undefined;
  let isRefused = wasRefused;
  let sent: Readonly<Record<string, string>> = {};
  return createClient({
    url: url.href,
    connectionParams: async () => {
      sent = await credentials(isRefused);
      return sent;
    },
    retryAttempts: attempts,
    // Keeps the connection until a subscription that was refused, or that has a new cursor, starts again.
    lazyCloseTimeout: 5_000,
    // Failed handshakes have no code: the gateway might be restarting.
    shouldRetry: () => true,
    // Finds a connection that was lost without notice, for example while the computer was asleep.
    keepAlive: 20_000,
    ...(exactReviver !== undefined && { jsonMessageReviver: exactReviver }),
    on: {
      connected: (socket) => {
        isRefused = false;
        onState?.('open');
        const renew = async () => {
          const current = await credentials(false).catch(() => sent);
          // graphql-ws declares the socket as `unknown`, because its implementation can be replaced.
          const open = socket as WebSocket;
          const isSame = current['accessToken'] === sent['accessToken'];
          if (isSame || open.readyState !== WebSocket.OPEN) return;
          sent = current;
          open.send(JSON.stringify({ type: 'ping', payload: current }));
        };
        renewal = window.setInterval(() => void renew(), renewEveryMs);
      },
      closed: (event) => {
        clearInterval(renewal);
        isRefused = event instanceof CloseEvent && refusals.has(event.code);
        // 1000: nothing is subscribed to anymore.
        if (!(event instanceof CloseEvent) || event.code !== 1000) onState?.('lost');
      },
    },
  });
}

/** The errors that the gateway has sent for an operation. */
function refusalOf(errors: readonly unknown[]): ApiError {
  // graphql-ws passes GraphQL errors.
  const [first] = errors as readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly requestId?: string };
  }[];
  const { code = 'UNKNOWN', requestId = null } = first?.extensions ?? {};
  return new ApiError(code, first?.message ?? 'The subscription has failed.', {
    requestId,
    cause: errors,
  });
}

function connectionError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof CloseEvent && error.reason !== '') {
    return new ApiError(`CLOSED_${error.code}`, `The connection was closed: ${error.reason}`);
  }
  return new ApiError(
    'NETWORK',
    'The connection for live results cannot be opened. A proxy in front of the gateway might not pass WebSockets on.',
    { cause: error },
  );
}
