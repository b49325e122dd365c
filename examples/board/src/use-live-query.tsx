/* Live queries in the cache of TanStack Query. Copy this file into your app. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Client } from 'graphql-ws';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const LiveClient = createContext<Client | null>(null);

export function LiveProvider({ client, children }: { client: Client; children: ReactNode }) {
  return <LiveClient value={client}>{children}</LiveClient>;
}

interface LiveQuery<Data> {
  /** The latest result. Undefined until the first one. */
  readonly data: Data | undefined;
  /** Why there are no more results. Null if there are. */
  readonly error: string | null;
}

/**
 * Shows the result of a subscription, and shows it again whenever it changes. Results are in the cache of TanStack
 * Query, so that a component that is shown again starts with the latest one.
 */
export function useLiveQuery<Data>(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): LiveQuery<Data> {
  const client = useContext(LiveClient);
  const cache = useQueryClient();
  // Equal queries and variables are one subscription, also if the caller creates the object anew.
  const operation = JSON.stringify({ query, variables });
  const [failure, setFailure] = useState<{ operation: string; message: string } | null>(null);

  useEffect(() => {
    if (client === null) throw new Error('LiveProvider is missing.');
    let again: number | undefined;
    let stop: () => void = () => undefined;
    const show = (error: unknown) => setFailure({ operation, message: messageOf(error) });
    const start = () => {
      stop = client.subscribe<Data>(JSON.parse(operation) as { query: string }, {
        next: ({ data, errors }) => {
          if (errors === undefined) {
            setFailure(null);
            cache.setQueryData(['live', operation], data);
          } else show(errors);
        },
        error: (error) => {
          show(error);
          // The gateway is busy. Other errors do not pass without a change of the app, the schema or the user.
          if (isPassing(error)) again = window.setTimeout(start, 2_000);
        },
        complete: () => undefined,
      });
    };
    start();
    return () => {
      clearTimeout(again);
      stop();
    };
  }, [client, cache, operation]);

  // The subscription writes the data, so there is nothing to fetch.
  const { data } = useQuery<Data>({ queryKey: ['live', operation], queryFn: skipToken });
  return { data, error: failure?.operation === operation ? failure.message : null };
}

const passingCodes: ReadonlySet<unknown> = new Set(['OVERLOADED', 'RATE_LIMITED']);

function isPassing(error: unknown): boolean {
  if (!Array.isArray(error)) return false;
  const [first] = error as readonly { readonly extensions?: { readonly code?: unknown } }[];
  return passingCodes.has(first?.extensions?.code);
}

/** Errors are the errors of GraphQL, or the event that closed the connection. */
function messageOf(error: unknown): string {
  if (Array.isArray(error)) return messageOf(error[0]);
  if (error instanceof CloseEvent) return error.reason || 'The connection was closed.';
  if (typeof error === 'object' && error !== null && 'message' in error)
    return String(error.message);
  return 'The live query has failed.';
}
