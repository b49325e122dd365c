// The other tenant, as a separate process: a few clients that each request a few rows, pause, and repeat. It receives
// `VictimJob`s from its parent process and replies to each with `VictimFigures`.
import { request as sendRequest, Agent } from 'node:http';

export interface VictimJob {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly clients: number;
  readonly milliseconds: number;
}

/** Times are in milliseconds. */
export interface VictimFigures {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** The number of failures for each HTTP status or error code. */
  readonly errors: readonly (readonly [string, number])[];
}

const pauseMs = 5;
const timeoutMs = 20_000;

process.on('message', (message) => {
  // Only the benchmark forks this program, and it sends only jobs.
  void run(message as VictimJob).then((figures) => process.send?.(figures));
});

async function run(job: VictimJob): Promise<VictimFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.clients });
  const times: number[] = [];
  const errors = new Map<string, number>();
  const endAt = performance.now() + job.milliseconds;
  const client = async () => {
    while (performance.now() < endAt) {
      const startedAt = performance.now();
      const failure = await ask(job, agent);
      times.push(performance.now() - startedAt);
      if (failure !== null) errors.set(failure, (errors.get(failure) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  agent.destroy();
  times.sort((a, b) => a - b);
  const quantile = (part: number) => times[Math.floor((times.length - 1) * part)] ?? NaN;
  return {
    requests: times.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
    worst: quantile(1),
    errors: [...errors],
  };
}

/** @returns the status or error if the request failed; null if it succeeded */
function ask({ port, path, key }: VictimJob, agent: Agent): Promise<string | null> {
  const body = JSON.stringify({ query: '{ issues(first: 5) { nodes { id title } } }' });
  return new Promise((resolve) => {
    const request = sendRequest(
      {
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${key}`,
        },
        timeout: timeoutMs,
      },
      (response) => {
        response.resume();
        response.on('end', () =>
          resolve(response.statusCode === 200 ? null : String(response.statusCode)),
        );
        response.on('error', () => resolve('answer cut short'));
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer in 20 s')));
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end(body);
  });
}
