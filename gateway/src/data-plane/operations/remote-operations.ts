import type { GraphqlOutcome, GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import type { AnswerMemory } from '../../platform/answer-budget.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { ByteList } from '../../platform/bytes.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import { decodeError } from '../compute/remote-errors.ts';
import { createStatementService, received, receivedList } from '../compute/remote-statements.ts';
import {
  sendableRequest,
  type Compute,
  type OperationOutput,
  type RawRequest,
} from '../compute/tasks.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import type { ProjectSnapshot } from '../projects/project-snapshots.ts';
import { refusedAnswer } from './answer-rows.ts';
import type { CallerAccess } from './caller-access.ts';
import { runQuery, type ExecutableQuery } from './executable-plan.ts';

/** Runs operations on the compute thread. Their statements run on the main thread. */
export interface RemoteOperations {
  /**
   * @param progress updated while the operation runs
   * @returns the JSON for `data`
   * @throws the same errors as on the main thread, and those of `ComputeThread.run`
   */
  run(call: RemoteCall, progress: Progress): Promise<ByteList>;
  printApi(project: Pick<ProjectSnapshot, 'ref' | 'schema'>, caller: CallerAccess): Promise<string>;
}

/** How far an operation has got. */
export interface Progress {
  /** Null until the operation is selected. */
  type: GraphqlOutcome['operationType'] | null;
  /** Whether all input was valid, so that statements were sent. */
  hasRun: boolean;
}

export interface RemoteCall extends CallerAccess {
  readonly project: ProjectSnapshot;
  readonly request: GraphqlRequest | RawRequest;
  readonly charge: Charge;
  /** Whether the project has reached its maximum size. */
  readonly isFull: boolean;
  readonly signal: Cancellation;
  readonly memory: AnswerMemory;
}

export function createRemoteOperations(
  compute: Compute,
  connections: ProjectConnections,
): RemoteOperations {
  return {
    async run({ project, access, subject, request, charge, isFull, signal, memory }, progress) {
      const refusal = memory.check();
      if (refusal !== null) throw refusedAnswer(refusal);
      const { ref, names, schema } = project;
      const statements = createStatementService({ connections, names, charge, signal, memory });
      let output: OperationOutput;
      try {
        output = await compute.run('operation', {
          owner: ref,
          input: {
            schema: textOf(schema),
            access,
            subject,
            names,
            request: sendableRequest(request),
            isFull,
          },
          answer: statements.answer,
          signal,
        });
      } finally {
        statements.close();
      }
      switch (output.kind) {
        case 'QUERY': {
          const { units, once } = output;
          await charge(units);
          progress.type = 'query';
          const onRun = () => (progress.hasRun = true);
          const environment = { connections, names, signal, memory, onRun };
          return runQuery(toQuery(output), { variables: {}, once }, environment);
        }
        case 'MUTATED':
          progress.type = 'mutation';
          return receivedList(output.data);
        case 'FAILED':
          if (output.units > 0) await charge(output.units);
          progress.type = output.type;
          progress.hasRun = output.hasRun;
          throw decodeError(output.error, statements.errors);
        default:
          return assertNever(output);
      }
    },
    printApi: ({ ref, schema }, { access, subject }) =>
      compute.run('printApi', { owner: ref, input: { schema: textOf(schema), access, subject } }),
  };
}

function textOf({ sdl, hash }: ProjectSnapshot['schema']) {
  return { sdl, hash };
}

function toQuery({
  statement,
  texts: [first, ...others],
}: Extract<OperationOutput, { kind: 'QUERY' }>): ExecutableQuery {
  return {
    kind: 'QUERY',
    statement: statement && {
      template: { chunks: statement.chunks },
      parameters: statement.values.map((value) => () => value),
    },
    texts: [received(first), ...others.map(received)],
  };
}
