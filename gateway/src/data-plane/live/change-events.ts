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
import { mayMatch, type Image } from './dependency-index.ts';
import { liveLimits } from './limits.ts';

/** A change with its place in the log. */
export interface PlacedChange {
  readonly change: Change;
  readonly position: LogPosition;
  readonly at: Date;
  /** See `imagesOf`. */
  readonly images: readonly Image[];
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
  const subscribers = new Map<string, Subscriber>();
  const all = changes.flatMap(({ change }, at) => (change.operation === 'RESET' ? [] : at));
  const ofRequests = requests.map(({ values }) => {
    const key = JSON.stringify(values);
    const known = subscribers.get(key) ?? subscriberOf(plan, values, { changes, all });
    subscribers.set(key, known);
    return known;
  });
  for (const work of dividedWork([...subscribers.values()])) {
    await evaluate(plan, changes, work, environment);
  }
  const writer = new EventWriter(plan, changes);
  return requests.map((request, index) =>
    writer.eventsOf(request, ofRequests[index]?.findings ?? new Map()),
  );
}

/** Streams with equal values, which are evaluated once. */
interface Subscriber {
  readonly values: readonly PgValue[];
  /** The indexes of the changes that it could see. */
  readonly possible: readonly number[];
  /** By the index of the change. */
  readonly findings: Map<number, Finding>;
}

/** What a statement has found about a change for a subscriber. */
interface Finding {
  /** Null if it is not known. */
  readonly before: boolean | null;
  readonly after: boolean;
  /** See `ChangeEvent.row`. */
  readonly row: readonly (Bytes | null)[];
}

function subscriberOf(
  { equalities }: ChangesPlan,
  values: readonly PgValue[],
  { changes, all }: { readonly changes: readonly PlacedChange[]; readonly all: readonly number[] },
): Subscriber {
  const conditions = equalities.map((equality): Condition => ({
    equality,
    values: equalTexts(equality, values),
  }));
  const isPossible = (at: number) => {
    const placed = changes[at];
    return placed !== undefined && placed.images.some((image) => mayMatch(image, conditions));
  };
  const possible = conditions.length === 0 ? all : all.filter(isPossible);
  return { values, possible, findings: new Map() };
}

/** A subscriber and the changes that one statement evaluates for it. */
interface Work {
  readonly subscriber: Subscriber;
  readonly changes: readonly number[];
}

/** Divides the pairs of a subscriber and a change into statements of up to `pairsPerRun` pairs. */
function dividedWork(subscribers: readonly Subscriber[]): readonly (readonly Work[])[] {
  const { pairsPerRun } = liveLimits;
  const groups: Work[][] = [];
  let free = 0;
  for (const subscriber of subscribers) {
    const { possible } = subscriber;
    for (let start = 0; start < possible.length; start += pairsPerRun) {
      const changes =
        possible.length <= pairsPerRun ? possible : possible.slice(start, start + pairsPerRun);
      if (changes.length > free) {
        groups.push([]);
        free = pairsPerRun;
      }
      groups.at(-1)?.push({ subscriber, changes });
      free -= changes.length;
    }
  }
  return groups;
}

/** Divides work whose result is too large for one statement. Null if it cannot be divided. */
function halves(work: readonly Work[]): readonly [readonly Work[], readonly Work[]] | null {
  const [first] = work;
  if (first === undefined) return null;
  if (work.length > 1) {
    const half = Math.ceil(work.length / 2);
    return [work.slice(0, half), work.slice(half)];
  }
  const { subscriber, changes } = first;
  if (changes.length === 1) return null;
  const half = Math.ceil(changes.length / 2);
  return [
    [{ subscriber, changes: changes.slice(0, half) }],
    [{ subscriber, changes: changes.slice(half) }],
  ];
}

async function evaluate(
  plan: ChangesPlan,
  changes: readonly PlacedChange[],
  work: readonly Work[],
  environment: StatementEnvironment,
): Promise<void> {
  try {
    await runWork(plan, changes, work, environment);
  } catch (error) {
    const isTooLarge = error instanceof OperationError && error.code === 'ANSWER_TOO_LARGE';
    const parts = isTooLarge ? halves(work) : null;
    if (parts === null) throw error;
    for (const part of parts) await evaluate(plan, changes, part, environment);
  }
}

async function runWork(
  plan: ChangesPlan,
  changes: readonly PlacedChange[],
  work: readonly Work[],
  environment: StatementEnvironment,
): Promise<void> {
  /** The changes in the statement, in the order in which they are numbered there. */
  const used = [...new Set(work.flatMap((each) => each.changes))];
  const numbers = new Map(used.map((at, index) => [at, index + 1]));
  const listOf = listWriter(numbers);
  const logged = used.flatMap((at) => changes[at]?.change ?? []);
  const before = logged.map((change) => rowBefore(plan, loggedChange(change)));
  const parameters = [
    logged.map(({ key }) => JSON.stringify(key)),
    before.map(({ old }) => old),
    before.map(({ unknown }) => unknown),
    ...plan.parameters.map((_, index) =>
      work.map(({ subscriber: { values } }) => parameterText(values[index] ?? null)),
    ),
    work.map((each) => listOf(each.changes)),
  ];
  for (const columns of await runInBackground(plan.evaluate, parameters, environment)) {
    const subscriber = work[Number(columnText(columns, 0)) - 1]?.subscriber;
    const at = used[Number(columnText(columns, 1)) - 1];
    if (subscriber === undefined || at === undefined) throw new Error('Unexpected result.');
    const matched = nullableText(columns, 2);
    subscriber.findings.set(at, {
      before: matched === null ? null : matched === 't',
      after: columnText(columns, 3) === 't',
      row: columns.slice(4),
    });
  }
}

/** Writes lists of changes as the text of an array. Subscribers often share a list. */
function listWriter(numbers: ReadonlyMap<number, number>): (changes: readonly number[]) => string {
  const known = new Map<readonly number[], string>();
  return (changes) => {
    const text = known.get(changes) ?? `{${changes.map((at) => numbers.get(at)).join(',')}}`;
    known.set(changes, text);
    return text;
  };
}

function loggedChange({ operation, old, leftOut }: Change) {
  if (operation === 'RESET') throw new Error('A reset has no row.');
  return { operation, old, leftOut };
}

/** Writes the events of a batch of changes. Subscribers with the same event share it. */
class EventWriter {
  readonly #plan: ChangesPlan;
  readonly #changes: readonly WrittenChange[];
  /** By operation and row. */
  readonly #written = new Map<string, ByteList>();

  constructor(plan: ChangesPlan, changes: readonly PlacedChange[]) {
    const keys = changes.map(({ change }) => JSON.stringify(change.key));
    const changed = changedColumns(changes, keys);
    this.#plan = plan;
    this.#changes = changes.map((placed, index) => {
      const key = keys[index] ?? '';
      const columns = [...(changed.get(key) ?? [])];
      return { placed, key, columns, cursor: encodeCursor(placed.position) };
    });
  }

  /**
   * Returns one event for each row. The row is read as it is now, after all of the changes, so that the first event
   * leads to the present state. A client that continues after its place gets the later changes again.
   */
  eventsOf({ operations }: StreamRequest, findings: ReadonlyMap<number, Finding>): Events {
    const seen = new Set<string>();
    const events: StreamEvent[] = [];
    for (const [index, written] of this.#changes.entries()) {
      const { placed, key } = written;
      const finding = findings.get(index) ?? null;
      const isReset = placed.change.operation === 'RESET';
      const operation = isReset ? 'RESET' : finding && operationOf(this.#plan, finding);
      if (operation === null || (!isReset && seen.has(key))) continue;
      seen.add(key);
      if (operation !== 'RESET' && !operations.has(operation)) continue;
      const json = this.#event(index, written, { operation, finding });
      events.push({ position: placed.position, json });
    }
    return events;
  }

  #event(
    index: number,
    { placed, columns, cursor }: WrittenChange,
    {
      operation,
      finding,
    }: { readonly operation: ChangeOperation; readonly finding: Finding | null },
  ): ByteList {
    const row = operation === 'RESET' ? null : (finding?.row ?? null);
    const isShort = row === null || row.every((part) => part === null || typeof part === 'string');
    const id = isShort ? `${index} ${operation} ${JSON.stringify(row)}` : null;
    const known = id === null ? undefined : this.#written.get(id);
    if (known !== undefined) return known;
    const changed = operation === 'DELETED' ? [] : columns;
    const data = this.#plan.event({ cursor, operation, at: placed.at, changed, row });
    const event = new ByteList().add(dataStart).addAll(data).add(dataEnd);
    if (id !== null) this.#written.set(id, event);
    return event;
  }
}

/** What all events of a change have. */
interface WrittenChange {
  readonly placed: PlacedChange;
  /** The text of the row's key. */
  readonly key: string;
  /** The columns that changes have updated. */
  readonly columns: readonly string[];
  readonly cursor: string;
}

/** The columns that changes have updated, by the key of the row. */
function changedColumns(
  changes: readonly PlacedChange[],
  keys: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>();
  for (const [index, { change }] of changes.entries()) {
    const key = keys[index] ?? '';
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
