import {
  columnText,
  equalTexts,
  nullableText,
  OperationError,
  rowBefore,
  type ChangeOperation,
  type ChangesPlan,
  type PgValue,
} from '../../engine/runtime.ts';
import { ByteList, bytesOf, type Bytes } from '../../platform/bytes.ts';
import type { Change } from '../changes/changes.ts';
import { encodeCursor, type LogPosition } from '../changes/cursor.ts';
import type { Condition } from './bound-reads.ts';
import type { StreamEvent, StreamRequest } from './change-stream.ts';
import { parameterText, runInBackground, type StatementEnvironment } from './cohort-statement.ts';
import { imagesOf, mayMatch } from './dependency-index.ts';
import { liveLimits } from './limits.ts';

/** A change with its place in the log. */
export interface PlacedChange {
  readonly change: Change;
  readonly position: LogPosition;
  readonly at: Date;
}

/** The events of one stream in the order of the changes. */
type Events = readonly StreamEvent[];

/**
 * Returns the events that changes cause for each of several streams.
 * @throws the errors of `runInBackground`
 */
export async function evaluateChanges(
  plan: ChangesPlan,
  changes: readonly PlacedChange[],
  requests: readonly StreamRequest[],
  environment: StatementEnvironment,
): Promise<readonly Events[]> {
  const subscribers = subscribersOf(plan, requests);
  const pairs = pairsOf(subscribers, changes);
  const findings = new Map<Pair, Finding>();
  for (let start = 0; start < pairs.length; start += liveLimits.pairsPerRun) {
    const group = pairs.slice(start, start + liveLimits.pairsPerRun);
    await evaluatePairs(plan, group, findings, environment);
  }
  const byChange = subscribers.map(() => new Map<PlacedChange, Finding>());
  for (const [{ subscriber, placed }, finding] of findings) {
    byChange[subscribers.indexOf(subscriber)]?.set(placed, finding);
  }
  return requests.map((request) => {
    const at = subscribers.findIndex(({ key }) => key === keyOf(request));
    return eventsOf(plan, changes, request, byChange[at] ?? new Map());
  });
}

/** Streams with equal values, which are evaluated once. */
interface Subscriber {
  readonly key: string;
  readonly values: readonly PgValue[];
  readonly conditions: readonly Condition[];
}

const keyOf = ({ values }: StreamRequest): string => JSON.stringify(values);

function subscribersOf(
  { equalities }: ChangesPlan,
  requests: readonly StreamRequest[],
): readonly Subscriber[] {
  const byKey = new Map<string, Subscriber>();
  for (const request of requests) {
    const key = keyOf(request);
    if (byKey.has(key)) continue;
    const { values } = request;
    const conditions = equalities.map((equality) => ({
      equality,
      values: equalTexts(equality, values),
    }));
    byKey.set(key, { key, values, conditions });
  }
  return [...byKey.values()];
}

/** A change that a subscriber could see. */
interface Pair {
  readonly subscriber: Subscriber;
  readonly placed: PlacedChange;
}

function pairsOf(
  subscribers: readonly Subscriber[],
  changes: readonly PlacedChange[],
): readonly Pair[] {
  return changes.flatMap((placed) => {
    if (placed.change.operation === 'RESET') return [];
    const images = imagesOf(placed.change);
    return subscribers
      .filter(({ conditions }) => images.some((image) => mayMatch(image, conditions)))
      .map((subscriber) => ({ subscriber, placed }));
  });
}

/** What a statement has found about a pair. */
interface Finding {
  /** Null if it is not known. */
  readonly before: boolean | null;
  readonly after: boolean;
  /** See `ChangeEvent.row`. */
  readonly row: readonly (Bytes | null)[];
}

async function evaluatePairs(
  plan: ChangesPlan,
  pairs: readonly Pair[],
  findings: Map<Pair, Finding>,
  environment: StatementEnvironment,
): Promise<void> {
  try {
    await runPairs(plan, pairs, findings, environment);
  } catch (error) {
    const isTooLarge = error instanceof OperationError && error.code === 'ANSWER_TOO_LARGE';
    if (!isTooLarge || pairs.length === 1) throw error;
    const half = Math.ceil(pairs.length / 2);
    await evaluatePairs(plan, pairs.slice(0, half), findings, environment);
    await evaluatePairs(plan, pairs.slice(half), findings, environment);
  }
}

async function runPairs(
  plan: ChangesPlan,
  pairs: readonly Pair[],
  findings: Map<Pair, Finding>,
  environment: StatementEnvironment,
): Promise<void> {
  const subscribers = [...new Set(pairs.map(({ subscriber }) => subscriber))];
  const changes = [...new Set(pairs.map(({ placed }) => placed))];
  const numbers = new Map<object, number>();
  for (const list of [subscribers, changes]) list.forEach((each, at) => numbers.set(each, at + 1));
  const numberOf = (each: object) => String(numbers.get(each));
  const before = changes.map(({ change }) => rowBefore(plan, loggedChange(change)));
  const parameters = [
    ...plan.parameters.map((_, index) =>
      subscribers.map(({ values }) => parameterText(values[index] ?? null)),
    ),
    pairs.map(({ subscriber }) => numberOf(subscriber)),
    pairs.map(({ placed }) => numberOf(placed)),
    changes.map(({ change }) => JSON.stringify(change.key)),
    before.map(({ old }) => old),
    before.map(({ unknown }) => unknown),
  ];
  const byNumbers = new Map(
    pairs.map((pair) => [`${numberOf(pair.subscriber)} ${numberOf(pair.placed)}`, pair]),
  );
  for (const columns of await runInBackground(plan.evaluate, parameters, environment)) {
    const pair = byNumbers.get(`${columnText(columns, 0)} ${columnText(columns, 1)}`);
    if (pair === undefined) throw new Error('Unexpected result of a change.');
    const matched = nullableText(columns, 2);
    findings.set(pair, {
      before: matched === null ? null : matched === 't',
      after: columnText(columns, 3) === 't',
      row: columns.slice(4),
    });
  }
}

function loggedChange({ operation, old, leftOut }: Change) {
  if (operation === 'RESET') throw new Error('A reset has no row.');
  return { operation, old, leftOut };
}

/**
 * Returns one event for each row. The row is read as it is now, after all of the changes, so that the first event leads
 * to the present state. A client that continues after its place gets the later changes again.
 */
function eventsOf(
  plan: ChangesPlan,
  changes: readonly PlacedChange[],
  { operations }: StreamRequest,
  findings: ReadonlyMap<PlacedChange, Finding>,
): Events {
  const changed = changedColumns(changes);
  const seen = new Set<string>();
  return changes.flatMap((placed) => {
    const { change, position, at } = placed;
    const finding = findings.get(placed) ?? null;
    const key = JSON.stringify(change.key);
    const isReset = change.operation === 'RESET';
    const operation = isReset ? 'RESET' : finding && operationOf(plan, finding);
    if (operation === null || (!isReset && seen.has(key))) return [];
    seen.add(key);
    if (operation !== 'RESET' && !operations.has(operation)) return [];
    const data = plan.event({
      cursor: encodeCursor(position),
      operation,
      at,
      changed: operation === 'DELETED' ? [] : [...(changed.get(key) ?? [])],
      row: operation === 'RESET' ? null : (finding?.row ?? null),
    });
    return [{ position, json: new ByteList().add(dataStart).addAll(data).add(dataEnd) }];
  });
}

/** The columns that changes have updated, by the key of the row. */
function changedColumns(changes: readonly PlacedChange[]): ReadonlyMap<string, Set<string>> {
  const columns = new Map<string, Set<string>>();
  for (const { change } of changes) {
    const key = JSON.stringify(change.key);
    const known = columns.get(key) ?? new Set();
    columns.set(key, known);
    for (const column of change.changed) known.add(column);
  }
  return columns;
}

const dataStart = bytesOf('{"data":');
const dataEnd = bytesOf('}');

/** Returns the operation as the subscriber sees it. Null if the row matched neither before nor now. */
function operationOf(
  { hasRules }: ChangesPlan,
  { before, after }: Finding,
): ChangeOperation | null {
  if (after) return before === false ? 'CREATED' : 'UPDATED';
  if (before === null) return hasRules ? 'RESET' : 'DELETED';
  return before ? 'DELETED' : null;
}
