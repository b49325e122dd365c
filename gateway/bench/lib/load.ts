import { Agent, request } from 'node:http';

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Text that every response must contain. */
  readonly expected: string;
}

/** Measures requests per second over `connections` keep-alive connections, each with one request at a time. */
export async function requestsPerSecond(
  target: Target,
  connections: number,
  milliseconds: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now();
  const end = start + milliseconds;
  let answered = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await send(target, agent);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return (answered / (performance.now() - start)) * 1_000;
}

function send({ port, path, headers, body, expected }: Target, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent,
        method: 'POST',
        timeout: 10_000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => {
          if (incoming.statusCode === 200 && text.includes(expected)) resolve();
          else reject(new Error(`Unexpected response with status ${incoming.statusCode}: ${text}`));
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('No response within 10 s.')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('Cannot compute the median of an empty list.');
  return middle;
}
