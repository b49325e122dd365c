import { LRUCache } from 'lru-cache';

import type { ProjectNames } from '../../engine/migrations.ts';
import {
  createNewValues,
  type NewValues,
  type PgValue,
  type Statement,
} from '../../engine/runtime.ts';
import { userSchemaOf, type UserSchema } from '../../engine/schema.ts';
import { jsonText } from '../../graphql/exact-number.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { requestFromBody } from '../../graphql/parse-request.ts';
import { Canceller } from '../../platform/cancellation.ts';
import type { ComputeThread } from '../../platform/compute/compute-thread.ts';
import type { TaskHandlers } from '../../platform/compute/serve-tasks.ts';
import { createApiCache, type ApiCache } from '../operations/api-cache.ts';
import { applyRules, type CallerAccess } from '../operations/caller-access.ts';
import { createAnswerBudget } from '../../platform/answer-budget.ts';
import { runPlan, type PlannedOperation } from '../operations/executable-plan.ts';
import { projectSchema, type ProjectSchema, type SchemaText } from '../projects/project-schema.ts';
import { explainOperation, type Explained, type ExplainInput } from './explain-operation.ts';
import { planSchema, type SchemaPlanInput, type SchemaPlanOutput } from './plan-schema.ts';
import { readRights, type RightsReading } from './read-rights.ts';
import { encodeError, type RemoteError } from './remote-errors.ts';
import {
  mainThreadOf,
  sendable,
  type SentBytes,
  type StatementAnswer,
  type StatementQuestion,
} from './remote-statements.ts';

/** The tasks of the compute thread. */
export interface ComputeTasks {
  readonly operation: {
    readonly input: OperationInput;
    readonly output: OperationOutput;
    readonly question: StatementQuestion;
    readonly answer: StatementAnswer;
  };
  readonly printApi: {
    readonly input: Pick<OperationInput, 'schema' | 'access' | 'subject'>;
    readonly output: string;
    readonly question: never;
    readonly answer: never;
  };
  readonly explain: {
    readonly input: ExplainInput & { readonly schema: SchemaText };
    readonly output: ExplainOutput;
    readonly question: StatementQuestion;
    readonly answer: StatementAnswer;
  };
  readonly readUserSchema: {
    readonly input: SchemaText;
    readonly output: UserSchema;
    readonly question: never;
    readonly answer: never;
  };
  readonly readRights: {
    readonly input: string;
    readonly output: RightsReading;
    readonly question: never;
    readonly answer: never;
  };
  readonly planSchema: {
    readonly input: SchemaPlanInput;
    readonly output: SchemaPlanOutput;
    readonly question: never;
    readonly answer: never;
  };
}

export type Compute = ComputeThread<ComputeTasks>;

export interface OperationInput extends CallerAccess {
  readonly schema: SchemaText;
  readonly names: ProjectNames;
  readonly request: GraphqlRequest | RawRequest;
  /** Whether the project has reached its maximum size. */
  readonly isFull: boolean;
}

/** The body of a request, which is not parsed yet. */
export interface RawRequest {
  readonly body: Uint8Array;
  /** False for a GET. @default true */
  readonly mayChange?: boolean;
}

type OperationType = 'query' | 'mutation' | 'subscription';

export type OperationOutput =
  /** A query, ready to run. It is not charged yet. */
  | {
      readonly kind: 'QUERY';
      readonly units: number;
      /** Null if no field needs the database. */
      readonly statement: {
        readonly chunks: Statement['template']['chunks'];
        readonly values: readonly PgValue[];
      } | null;
      readonly texts: readonly [SentBytes, ...SentBytes[]];
      readonly once: boolean;
    }
  /** The result of a mutation, which has run. */
  | { readonly kind: 'MUTATED'; readonly data: readonly SentBytes[] }
  | {
      readonly kind: 'FAILED';
      /** Null if the error occurred before the operation was selected. */
      readonly type: OperationType | null;
      /** Whether all input was valid, so that statements were sent. */
      readonly hasRun: boolean;
      /** Not charged yet. */
      readonly units: number;
      readonly error: RemoteError;
    };

/** The result of an operation that was explained. */
export interface ExplainOutput extends Omit<Explained, 'data' | 'error'> {
  readonly data: readonly SentBytes[] | null;
  readonly error: RemoteError | null;
}

/** The answer to the introspection query of the largest schema has 13 million characters. */
const planBounds = { maxSize: 40_000_000, maxEntrySize: 20_000_000 };
/** Reading the model of the largest schema takes a fifth of a second. */
const maxSchemas = 20;

export function createTaskHandlers(): TaskHandlers<ComputeTasks> {
  const apis = createApiCache(planBounds);
  const newValues = createNewValues(Date.now);
  const schemas = new LRUCache<string, ProjectSchema>({ max: maxSchemas });
  const schemaOf = ({ sdl, hash }: SchemaText): ProjectSchema => {
    const known = schemas.get(hash);
    if (known !== undefined) return known;
    const schema = projectSchema(sdl, hash);
    schemas.set(hash, schema);
    return schema;
  };
  return {
    operation: ({ schema, ...input }, ask) =>
      runOperation({ apis, newValues }, { ...input, schema: schemaOf(schema) }, ask),
    printApi({ schema, ...caller }) {
      const known = schemaOf(schema);
      return apis.of(known, applyRules(known.model, caller).access).print();
    },
    explain: ({ schema, ...input }, ask) =>
      explain({ apis, newValues }, { ...input, schema: schemaOf(schema) }, ask),
    readUserSchema: (schema) => userSchemaOf(schemaOf(schema).model()),
    readRights,
    planSchema,
  };
}

/** The main thread reserves the memory when it receives the rows. */
const memory = createAnswerBudget({
  limits: { perAnswer: Infinity, perHolder: Infinity, total: Infinity },
}).open('compute');

async function runOperation(
  { apis, newValues }: { readonly apis: ApiCache; readonly newValues: NewValues },
  input: Omit<OperationInput, 'schema'> & { readonly schema: ProjectSchema },
  ask: (question: StatementQuestion) => Promise<StatementAnswer>,
): Promise<OperationOutput> {
  let type: OperationType | null = null;
  let hasRun = false;
  /** The main thread charges a query before it runs it, without a question. */
  let units = 0;
  const { connections, charge } = mainThreadOf(ask);
  try {
    const { names, schema, isFull } = input;
    const request = parsed(input.request);
    const { variables } = request;
    const { access, values } = applyRules(schema.model, input);
    const { api, ...cached } = apis.of(schema, access);
    const operation = cached.operation(request);
    if (operation.type === 'query') units = operation.units(variables);
    else await charge(operation.units(variables));
    type = operation.type;
    const planned = operation.plan(variables, values);
    if (planned.plan.kind === 'QUERY') return boundQuery(units, planned, planned.plan);
    const signal = new Canceller();
    const onRun = () => (hasRun = true);
    const environment = { connections, names, api, signal, memory, newValues, isFull, onRun };
    const data = await runPlan(planned, environment);
    return { kind: 'MUTATED', data: data.parts.map(sendable) };
  } catch (error) {
    return { kind: 'FAILED', type, hasRun, units, error: encodeError(error) };
  }
}

async function explain(
  { apis, newValues }: { readonly apis: ApiCache; readonly newValues: NewValues },
  { schema, ...input }: ExplainInput & { readonly schema: ProjectSchema },
  ask: (question: StatementQuestion) => Promise<StatementAnswer>,
): Promise<ExplainOutput> {
  const { connections } = mainThreadOf(ask);
  const environment = { apis, schema, connections, memory, newValues };
  try {
    const { data, error, ...explained } = await explainOperation(input, environment);
    return {
      ...explained,
      data: data && data.parts.map(sendable),
      error: error && encodeError(error.thrown),
    };
  } catch (error) {
    return { type: null, data: null, error: encodeError(error), rules: [] };
  }
}

/** Parses a body. @throws RequestError `BAD_REQUEST`, `PAYLOAD_TOO_LARGE` or `BATCHING_NOT_SUPPORTED` */
export function parsed(request: GraphqlRequest | RawRequest): GraphqlRequest {
  if (!('body' in request)) return request;
  const { body, mayChange = true } = request;
  return { ...requestFromBody(Buffer.from(body), 'EXACT'), mayChange };
}

/** Prepares a request for another thread. A copy of an `ExactNumber` has no class, so such a request is sent as text. */
export function sendableRequest(request: GraphqlRequest | RawRequest): GraphqlRequest | RawRequest {
  if ('body' in request || request.hasExactNumbers !== true) return request;
  const { query, operationName, variables, extensions, mayChange } = request;
  const body = Buffer.from(jsonText({ query, operationName, variables, extensions }));
  return { body, mayChange };
}

function boundQuery(
  units: number,
  { variables, once }: PlannedOperation,
  { statement, texts: [first, ...others] }: Extract<PlannedOperation['plan'], { kind: 'QUERY' }>,
): OperationOutput {
  return {
    kind: 'QUERY',
    units,
    statement: statement && {
      chunks: statement.template.chunks,
      values: statement.parameters.map((parameter) => parameter(variables)),
    },
    texts: [sendable(first), ...others.map(sendable)],
    once,
  };
}

/** Returns the memory of an output that the thread does not use again. */
export function transfersOf(
  output: ComputeTasks[keyof ComputeTasks]['output'],
): readonly ArrayBuffer[] {
  if (typeof output === 'string' || !('kind' in output) || output.kind === 'FAILED') return [];
  const parts = output.kind === 'QUERY' ? output.texts : output.data;
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.buffer]));
}
