// Measures the cost of hostile documents: how much CPU time is used until the error is ready. Other requests to
// the same thread have to wait during this time. Target: less than 100 ms for each document.
import { readFile } from 'node:fs/promises';

import { hostileDocuments } from '../test/hostile-documents.ts';
import { hostileProjectDocuments } from '../test/hostile-project-documents.ts';
import { createApiCache } from '../src/data-plane/operations/api-cache.ts';
import { projectSchema } from '../src/data-plane/projects/project-schema.ts';
import type { GraphqlRequest } from '../src/graphql/graphql-request.ts';
import {
  createGraphqlExecution,
  managementDocumentLimits,
} from '../src/control-plane/graphql/graphql-execution.ts';
import { answerFailure } from '../src/http/graphql-answer.ts';
import { plainJson } from '../src/http/media-types.ts';
import { createManagementSchema } from '../src/control-plane/schema.ts';

const rounds = 20;
const wantedMs = 100;

const execute = createGraphqlExecution(createManagementSchema(), managementDocumentLimits);
const manage = (request: GraphqlRequest): Promise<unknown> =>
  execute(request, { createContext: () => ({}), charge: () => undefined });

const tracker = await readFile(
  new URL('../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);
const access = { read: 'ALL', write: 'ALL', introspect: true, rules: null } as const;
const api = createApiCache().of(projectSchema(tracker), access);
const planForProject = (request: GraphqlRequest): unknown => {
  const { plan, variables } = api.operation(request).plan(request.variables, {});
  // A cursor is read when the statement's parameters are.
  return plan.kind === 'QUERY' && plan.statement?.parameters.map((read) => read(variables));
};

async function cpuMsOf(run: (request: GraphqlRequest) => unknown, query: string): Promise<number> {
  const startedAt = process.cpuUsage();
  const request = { query, operationName: null, variables: {}, extensions: {}, mayChange: true };
  let thrown: unknown = null;
  try {
    await run(request);
  } catch (error) {
    thrown = error;
  }
  if (thrown === null) throw new Error('The document was not rejected.');
  const { errors } = answerFailure(thrown, plainJson, 'bench');
  if (errors.some(({ surprise }) => surprise !== null)) {
    throw new Error('Unexpected.', { cause: thrown });
  }
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1000;
}

const results: {
  readonly api: string;
  readonly document: string;
  readonly 'median ms': number;
  readonly 'worst ms': number;
}[] = [];
for (const { name, documents, run } of [
  { name: 'management', documents: hostileDocuments, run: manage },
  { name: 'project', documents: hostileProjectDocuments, run: planForProject },
]) {
  for (const document of documents) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await cpuMsOf(run, document.query));
    times.sort((a, b) => a - b);
    const [worst = 0, median = 0] = [times.at(-1), times[rounds / 2]];
    results.push({
      api: name,
      document: document.name,
      'median ms': round1(median),
      'worst ms': round1(worst),
    });
  }
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
