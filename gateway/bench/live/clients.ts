import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { endOf } from '../project-api/peers.ts';
import type { ClientFigures, ClientJob, Connection, Subscription } from './client-jobs.ts';

/** The process with the subscribers. */
export interface Clients {
  open(url: string, connections: readonly Connection[]): Promise<void>;
  /** Adds a subscription to each connection, in the order in which they were opened. */
  subscribe(subscriptions: readonly Subscription[]): Promise<void>;
  /** Begins to count anew. */
  count(): Promise<void>;
  /** @throws Error if a subscriber got an error, or was disconnected */
  figures(group: string): Promise<ClientFigures>;
  /** Stops reading from the sockets of a group. */
  stall(group: string): Promise<void>;
  close(): Promise<void>;
  /** Ends the process. */
  stop(): Promise<void>;
}

const timeoutMs = 60_000;

export function startClients(): Clients {
  const file = fileURLToPath(new URL('clients-process.ts', import.meta.url));
  const child = fork(file, [], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const ask = async <Answer>(job: ClientJob): Promise<Answer> => {
    child.send(job);
    const signal = AbortSignal.timeout(timeoutMs);
    const replied = once(child, 'message', { signal }).catch((error: unknown) => {
      throw new Error(`The subscribers did not reply to ${job.kind}.`, { cause: error });
    });
    // The process replies to each job with one message of this type.
    const [{ answer, failure }] = (await replied) as [{ answer: Answer; failure?: string }];
    if (failure !== undefined) throw new Error(`The subscribers failed: ${failure}`);
    return answer;
  };
  return {
    open: (url, connections) => ask({ kind: 'OPEN', url, connections }),
    subscribe: (subscriptions) => ask({ kind: 'SUBSCRIBE', subscriptions }),
    count: () => ask({ kind: 'COUNT' }),
    async figures(group) {
      const figures = await ask<ClientFigures>({ kind: 'FIGURES', group });
      if (figures.error === null) return figures;
      throw new Error(`${figures.errors} subscribers failed: ${figures.error}`);
    },
    stall: (group) => ask({ kind: 'STALL', group }),
    close: () => ask({ kind: 'CLOSE' }),
    stop: () => endOf(child),
  };
}
