// The load generator, which runs as a separate process. It sends one request at a time on each of its connections. It
// uses plain sockets because an HTTP client would use more of the shared CPU than the measured servers. It receives
// `LoadJob`s from its parent process and replies to each with a `LoadResult`.
import { RequestSocket } from './request-socket.ts';
import { expectedText, variablesOf } from './shapes.ts';
import type { LoadGroup, LoadJob, LoadResult } from './load.ts';

process.on('message', (message) => {
  // Only `load.ts` forks this program, and it sends only jobs.
  const job = message as LoadJob;
  runJob(job).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failure: String(error) } satisfies LoadResult),
  );
});

async function runJob(job: LoadJob): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + job.milliseconds;
  const sources = createSources(job);
  const client = async (group: LoadGroup): Promise<void> => {
    const socket = await RequestSocket.open(job.port, expectedText[group.kind]);
    try {
      const nextRequest = requestsOf(job, group, sources);
      for (let now = performance.now(); now < end;) {
        await socket.send(nextRequest());
        const answeredAt = performance.now();
        if (group.measured) milliseconds.push(answeredAt - now);
        now = answeredAt;
      }
    } finally {
      socket.close();
    }
  };
  await Promise.all(
    job.groups.flatMap((group) => Array.from({ length: group.connections }, () => client(group))),
  );
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  milliseconds.sort((a, b) => a - b);
  return {
    requests: milliseconds.length,
    perSecond: (milliseconds.length / elapsed) * 1_000,
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
    cpu: (user + system) / 1_000 / elapsed,
  };
}

function createSources({ size, keys, seed, firstNumber }: LoadJob) {
  let number = firstNumber;
  return { size, keys, random: mulberry32(seed), nextNumber: () => number++ };
}

/** Returns a function that creates a request's text with new variables each time it is called. */
function requestsOf(
  { headers }: LoadJob,
  { kind, path, document }: LoadGroup,
  source: ReturnType<typeof createSources>,
): () => string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    'accept: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-length: ',
  ].join('\r\n');
  const beforeVariables = `{"query":${JSON.stringify(document)},"variables":`;
  return () => {
    const body = `${beforeVariables}${JSON.stringify(variablesOf(kind, source))}}`;
    return `${head}${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;

/** The mulberry32 generator by Bryc: small, fast and seeded. It chooses only ids, so it need not be unpredictable. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
