// Measures the cost of hostile documents: how much CPU time is used until the error is ready. Other requests to
// the same process have to wait during this time. Target: less than 100 ms for each document.
import { hostileDocuments } from '../test/hostile-documents.ts';
import {
  createGraphqlExecution,
  managementDocumentLimits,
} from '../src/control-plane/graphql/graphql-execution.ts';
import { answerFailure } from '../src/http/graphql-answer.ts';
import { plainJson } from '../src/http/media-types.ts';
import { createManagementSchema } from '../src/control-plane/schema.ts';

const rounds = 20;
const wantedMs = 100;

const run = createGraphqlExecution(createManagementSchema(), managementDocumentLimits);

async function cpuMsOf(query: string): Promise<number> {
  const startedAt = process.cpuUsage();
  const request = { query, operationName: null, variables: {}, extensions: {}, mayChange: true };
  await run(request, { createContext: () => ({}), charge: () => undefined }).then(
    () => {
      throw new Error('The document was not rejected.');
    },
    (error: unknown) => {
      const { errors } = answerFailure(error, plainJson, 'bench');
      if (errors.some(({ surprise }) => surprise !== null)) throw error;
    },
  );
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1000;
}

const results = [];
for (const { name, query } of hostileDocuments) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await cpuMsOf(query));
  times.sort((a, b) => a - b);
  const [first = 0, median = 0] = [times.at(-1), times[rounds / 2]];
  results.push({ document: name, 'median ms': round1(median), 'worst ms': round1(first) });
}
results.sort((a, b) => b['median ms'] - a['median ms']);
console.table(results);
const slow = results.filter((result) => result['median ms'] >= wantedMs);
console.log(
  slow.length === 0
    ? `Every document takes less than ${wantedMs} ms of CPU.`
    : `Too slow: ${slow.map(({ document }) => document).join(', ')}.`,
);

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
