// Writes over a project's API.
import { Agent, request } from 'node:http';

import type { BenchProject } from '../project-api/project.ts';

/** A request that changes data. */
export interface Write {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Writer {
  /** Writes with this many requests at once for some time. @returns the writes per second */
  fast(atOnce: number, ms: number, next: (index: number) => Write): Promise<number>;
  /** Writes at a rate, whether or not earlier writes are complete. @returns the writes per second */
  paced(perSecond: number, ms: number, next: (index: number) => Write): Promise<number>;
  close(): void;
}

const timeoutMs = 20_000;

export function createWriter(port: number, { ref, key }: BenchProject): Writer {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port, path: `/p/${ref}/graphql`, method: 'POST', agent };
  const send = (write: Write): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(write);
      const length = { 'content-length': Buffer.byteLength(body) };
      const outgoing = request(
        { ...options, timeout: timeoutMs, headers: { ...headers, ...length } },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          incoming.on('end', () => {
            const { statusCode } = incoming;
            if (statusCode === 200 && !text.includes('"errors"')) resolve();
            else reject(new Error(`A write failed with status ${statusCode}: ${text}`));
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('No response to a write.')));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    async fast(atOnce, ms, next) {
      const startedAt = performance.now();
      let count = 0;
      const client = async () => {
        while (performance.now() - startedAt < ms) {
          count += 1;
          await send(next(count));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, client));
      return (count * 1_000) / (performance.now() - startedAt);
    },
    async paced(perSecond, ms, next) {
      const startedAt = performance.now();
      const sent: Promise<void>[] = [];
      for (;;) {
        const elapsed = performance.now() - startedAt;
        if (elapsed >= ms) break;
        while (sent.length < (elapsed * perSecond) / 1_000) sent.push(send(next(sent.length + 1)));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await Promise.all(sent);
      return (sent.length * 1_000) / (performance.now() - startedAt);
    },
    close: () => agent.destroy(),
  };
}
