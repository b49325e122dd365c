import { Kind, OperationTypeNode, parse, validate, type DefinitionNode } from 'graphql';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { JsonValue } from '../../src/engine/sdl/model.ts';
import type { Operation } from './check.ts';
import { findDifference } from './compare.ts';
import { Cursors } from './cursors.ts';
import { Undecided } from './undecided.ts';
import { evaluate, type Answer, type Oracle } from './evaluate.ts';
import type { ClientOperation } from './random-operation.ts';
import type { SqlSide } from './sql-side.ts';
import type { Sequences } from './sequences.ts';
import { Store, type PlainData } from './store.ts';

/**
 * A sequence of operations on initial data. Both sides must return the same results and have the same data at the end.
 */
export interface Trial {
  readonly data: PlainData;
  readonly operations: readonly ClientOperation[];
}

/** The first disagreement between the two sides. */
export interface Failure {
  /** A path such as `data.issues.nodes`. */
  readonly place: string;
  /** The operation's index. Equals the number of operations if only the data at the end differs. */
  readonly operation: number;
  readonly theirs: unknown;
  readonly ours: unknown;
}

export interface Sides {
  readonly side: SqlSide;
  readonly oracle: Oracle;
}

/** Runs a trial after replacing all earlier data with the trial's initial data. */
export async function findFailure(
  side: SqlSide,
  api: ProjectApi,
  { data, operations }: Trial,
): Promise<Failure | null> {
  await side.fill(data);
  const store = new Store(api.index, data, await side.sequences());
  const oracle: Oracle = { api, store, cursors: new Cursors() };
  const failure = await playAll({ side, oracle }, operations);
  if (failure !== null) return failure;
  if (!operations.some(({ text }) => text.startsWith('mutation'))) return null;
  const [theirs, ours] = [await side.read(api.index), oracle.store.toPlain()];
  const place =
    findDifference(asJson(theirs), asJson(ours), oracle.cursors, 'data at the end') ??
    differingSequence(oracle.store, await side.sequences());
  return place === null ? null : { place, operation: operations.length, theirs, ours };
}

/** Runs operations on both sides, which have the same data, until the results differ. */
export async function playAll(
  sides: Sides,
  operations: Trial['operations'],
): Promise<Failure | null> {
  for (const [number, each] of operations.entries()) {
    const failure = await play(sides, each);
    if (failure !== null) return { ...failure, operation: number };
  }
  return null;
}

type Played = Omit<Failure, 'operation'> | null;

async function play(sides: Sides, operation: ClientOperation): Promise<Played> {
  const cursorsGiven: Record<string, JsonValue> = {};
  for (const { variable, probe, number } of operation.cursors) {
    const probed = await playOne(sides, { document: parse(probe), variables: {} });
    if (probed.failure !== null) return probed.failure;
    const cursors = cursorsIn(probed.theirs);
    const cursor = cursors[number % Math.max(cursors.length, 1)];
    if (cursor !== undefined) cursorsGiven[variable] = cursor;
  }
  const document = parse(operation.text);
  const [invalid] = validate(sides.oracle.api.schema, document);
  if (invalid !== undefined) throw invalid;
  const { variables, otherVariables } = operation;
  for (const given of [variables, ...(otherVariables === undefined ? [] : [otherVariables])]) {
    const asked = { document, variables: { ...given, ...cursorsGiven } };
    const { failure } = await playOne(sides, asked);
    if (failure !== null) return failure;
  }
  return null;
}

async function playOne(
  { side, oracle }: Sides,
  operation: Operation,
): Promise<{ readonly failure: Played; readonly theirs: Answer | null }> {
  let ours: Answer;
  try {
    ours = evaluate(oracle, operation);
  } catch (error) {
    if (error instanceof Undecided) return { failure: null, theirs: null };
    throw error;
  }
  const theirs = await side
    .ask(oracle.api, operation)
    .catch((error: unknown): Answer => ({ codes: [String(error)] }));
  const place = partingOf(theirs, ours, oracle.cursors);
  // Numbers that were drawn by a write that failed are lost. How many there are is not documented.
  if (operation.document.definitions.some(isMutation) && 'codes' in ours) {
    const { index, sequences } = oracle.store;
    const drawn = await side.sequences();
    const behind = index.model.types.find((type) => drawn.last(type) < sequences.last(type));
    if (behind !== undefined) {
      const where = `the sequence of ${behind.name}`;
      return { failure: { place: where, theirs, ours }, theirs };
    }
    oracle.store = oracle.store.withSequences(drawn);
  }
  return { failure: place === null ? null : { place, theirs, ours }, theirs };
}

/** The next numbers must be the same on both sides, so a sequence is past all numbers that were brought. */
function differingSequence({ index, sequences }: Store, theirs: Sequences): string | null {
  const type = index.model.types.find((each) => sequences.last(each) !== theirs.last(each));
  return type === undefined ? null : `the sequence of ${type.name}`;
}

function partingOf(theirs: Answer, ours: Answer, cursors: Cursors): string | null {
  if ('data' in theirs && 'data' in ours) return findDifference(theirs.data, ours.data, cursors);
  if ('data' in theirs || 'data' in ours) return 'errors';
  return theirs.codes.every((code) => ours.codes.includes(code)) ? null : 'errors';
}

function isMutation(definition: DefinitionNode): boolean {
  return (
    definition.kind === Kind.OPERATION_DEFINITION &&
    definition.operation === OperationTypeNode.MUTATION
  );
}

/** Returns all cursors in the result. */
function cursorsIn(answer: Answer | null): readonly string[] {
  if (answer === null || !('data' in answer)) return [];
  return [...JSON.stringify(answer.data).matchAll(/"cursor":"([^"]*)"/g)].map(
    ([, cursor]) => cursor ?? '',
  );
}

export function asJson(data: PlainData): JsonValue {
  // PlainData consists of JSON values.
  return data as unknown as JsonValue;
}
