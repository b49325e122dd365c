/* The connection to the project: requests over HTTP, and live queries over one WebSocket. */
import { type Client, createClient } from 'graphql-ws';

import { currentToken, untilRenewal } from './session.ts';

const endpoint = String(import.meta.env.VITE_TESSERA_ENDPOINT);
/** A publishable key identifies the project. It can be public. */
const apiKey = String(import.meta.env.VITE_TESSERA_KEY);

/** Runs a query or a mutation as the signed-in user. @throws an Error with the first error of the response */
export async function request<Data>(query: string, variables: object = {}): Promise<Data> {
  const { text } = await currentToken();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': apiKey,
      authorization: `Bearer ${text}`,
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: readonly { readonly message: string }[];
  };
  if (errors?.[0] !== undefined) throw new Error(errors[0].message);
  if (data === undefined) throw new Error(`The gateway answered with status ${response.status}.`);
  return data;
}

/**
 * Creates the client for live queries. It connects when the first query starts, and connects again when the connection
 * is lost. While it is connected, it replaces the user's token before the token expires.
 */
export function createLiveClient(onState: (isConnected: boolean) => void): Client {
  let renewal: number | undefined;
  return createClient({
    url: endpoint.replace(/^http/, 'ws'),
    connectionParams: async () => ({ apiKey, userToken: (await currentToken()).text }),
    retryAttempts: Number.POSITIVE_INFINITY,
    // Keeps the connection between two pages, and until a query that was refused starts again.
    lazyCloseTimeout: 5_000,
    // Also after a failure of the issuer, for which `connectionParams` throws an error.
    shouldRetry: () => true,
    // A connection that answers no ping within 10 s is lost, for example after the computer has slept.
    keepAlive: 10_000,
    on: {
      connected: (socket) => {
        onState(true);
        // graphql-ws passes the WebSocket as `unknown`.
        renewal = renewToken(socket as WebSocket, (timer) => (renewal = timer));
      },
      closed: () => {
        onState(false);
        clearTimeout(renewal);
      },
    },
  });
}

/** Sends each new token over the connection, which stays open. @returns the timer of the next one */
function renewToken(socket: WebSocket, onTimer: (timer: number) => void): number {
  const schedule = (ms: number): number => window.setTimeout(() => void renew(), ms);
  const renew = async () => {
    const token = await currentToken().catch(() => null);
    if (socket.readyState !== WebSocket.OPEN) return;
    // If the issuer has failed, the next attempt is in a second. Until then, the old token is valid.
    if (token === null) onTimer(schedule(1_000));
    else {
      socket.send(JSON.stringify({ type: 'ping', payload: { userToken: token.text } }));
      onTimer(schedule(untilRenewal()));
    }
  };
  return schedule(untilRenewal());
}
