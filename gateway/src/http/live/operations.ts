import type { LiveResult, LiveResults } from '../../data-plane/live/live-results.ts';
import type { Caller } from '../../data-plane/callers/callers.ts';
import type { Outlet } from '../../data-plane/live/outlet.ts';
import type { DataPlane } from '../../data-plane/data-plane.ts';
import { isSubscriptionElsewhere } from '../../data-plane/errors.ts';
import type { RawRequest } from '../../data-plane/compute/tasks.ts';
import { DocumentError } from '../../graphql/document-error.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { selectsSubscription } from '../../graphql/selects-subscription.ts';
import type { AnswerBudget } from '../../platform/answer-budget.ts';
import { ByteList, bytesOfLong } from '../../platform/bytes.ts';
import { abortReason, type Cancellation } from '../../platform/cancellation.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { FairTurns } from '../../platform/fair-turns.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import type { GraphqlOperationObservation } from '../../platform/telemetry/metrics.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import { answer } from '../graphql-answer.ts';
import { edgeErrors } from '../edge-errors.ts';
import { logSurprises, maxParsedBytes, outcomeOf, reserveBody } from '../graphql-endpoint.ts';
import { maskError, type ShownError } from '../mask-error.ts';
import { plainJson } from '../media-types.ts';
import { recordUsage, type RecordUsage } from '../record-usage.ts';
import { chargeTo, takeFromQuota } from '../request-limits.ts';
import { createHeldResults, type HeldResults } from './held-results.ts';
import type { Session } from './session.ts';

export interface LiveOperationsOptions {
  readonly dataPlane: Pick<DataPlane, 'execute' | 'subscribe'>;
  readonly turns: FairTurns;
  readonly answerBudget: AnswerBudget;
  readonly logger: Logger;
  readonly countOperation: (operation: GraphqlOperationObservation) => void;
  readonly recordUsage: RecordUsage;
}

/** Where the results of an operation are sent. The promises resolve when further messages can be sent. */
export interface OperationSink {
  /** Whether results can be sent now. */
  readonly outlet: Outlet;
  /** @param result an execution result as JSON */
  next(result: ByteList): Promise<void>;
  /** The operation was refused or has failed. @param errors as the client sees them */
  fail(errors: readonly ShownError['entry'][]): Promise<void>;
  complete(): Promise<void>;
  /** Closes the connection at once. */
  abort(): void;
}

export interface LiveOperation {
  readonly session: Session;
  /** Parses the request. @throws RequestError */
  readonly request: () => GraphqlRequest | RawRequest;
  /** Aborted when the client completes the operation or disconnects. Then nothing more is sent. */
  readonly signal: Cancellation;
  /** Aborted when the gateway stops. Subscriptions then end without a message, so that their clients connect again. */
  readonly stopping: Cancellation;
  readonly sink: OperationSink;
  /** Whether the first unit was already counted, with the request that opened the connection. */
  readonly isCounted: boolean;
}

/** Runs one operation on a connection that stays open, until it is complete. Never rejects. */
export type RunLiveOperation = (operation: LiveOperation) => Promise<void>;

export function createLiveOperations(options: LiveOperationsOptions): RunLiveOperation {
  const held = createHeldResults(options.answerBudget);
  return async (operation) => {
    const { session, signal, sink } = operation;
    const report = createReport(session, options);
    try {
      const { quota, caller } = session.admitted;
      if (!operation.isCounted) await takeFromQuota(quota, session.scope.head);
      const request = operation.request();
      const charge = chargeTo(quota, session.scope.head);
      const running = { ...options, held, operation, caller, charge, report };
      const isFollowed = !('body' in request) && selectsSubscription(request);
      await (isFollowed ? follow(request, running) : answerOnce(request, running));
    } catch (error) {
      const failure = signal.aborted ? requestErrors.clientGone() : error;
      const shown = report('unknown', toShown(failure, session));
      if (!signal.aborted) await sink.fail(entriesOf(shown));
    }
  };
}

interface Running extends LiveOperationsOptions {
  readonly held: HeldResults;
  readonly operation: LiveOperation;
  readonly caller: Caller;
  readonly charge: Charge;
  readonly report: Report;
}

/** Runs a query or a mutation. */
async function answerOnce(
  request: GraphqlRequest | RawRequest,
  { dataPlane, turns, answerBudget, operation, caller, charge, report }: Running,
): Promise<void> {
  const { session, signal, sink } = operation;
  const memory = answerBudget.open(caller.projectRef);
  try {
    const outcome = await turns
      .run(caller.projectRef, signal, () =>
        dataPlane.execute(caller, request, { charge, signal, memory }),
      )
      .catch((error: unknown) => {
        const isTooLong = 'body' in request && isSubscriptionElsewhere(error);
        throw isTooLong ? edgeErrors.subscriptionTooLarge(maxParsedBytes) : error;
      });
    const answered = answer(outcome, plainJson, session.scope.requestId);
    reserveBody(memory, answered.body, outcome.operationType);
    report(outcome.operationType, answered.errors);
    if (signal.aborted) return;
    if (answered.status === 200) {
      await sink.next(listOf(answered.body));
      await sink.complete();
    } else {
      await sink.fail(entriesOf(answered.errors));
    }
  } finally {
    memory.close();
  }
}

/** How long a subscription waits for its start while the gateway is busy, and the waits between two attempts. */
const maxStartMs = 20_000;
const startRetryMs = { first: 100, factor: 1.3, most: 1_000 };

/**
 * Starts a subscription. While the gateway is too busy to compile it, it waits here: clients treat an error as the end
 * of a subscription, and an app starts many at once when it connects.
 */
async function start(
  request: GraphqlRequest,
  { dataPlane, turns, operation: { signal, stopping }, caller, charge }: Running,
): Promise<LiveResults> {
  const giveUpAt = performance.now() + maxStartMs;
  const options = { charge: onceOf(charge), signal, patch: wantsPatch(request) };
  const { first, factor, most } = startRetryMs;
  for (let waitMs = first; ; waitMs = Math.min(most, waitMs * factor)) {
    try {
      return await turns.run(caller.projectRef, signal, () =>
        dataPlane.subscribe(caller, request, options),
      );
    } catch (error) {
      const isBusy = error instanceof RequestError && error.code === 'OVERLOADED';
      if (!isBusy || stopping.aborted || performance.now() >= giveUpAt) throw error;
      await pause(waitMs, signal);
    }
  }
}

/** Charges the first call only, because a subscription that is started again does not cost more. */
function onceOf(charge: Charge): Charge {
  let isCharged = false;
  return (units) => {
    if (isCharged) return;
    isCharged = true;
    return charge(units);
  };
}

/** @throws the signal's reason if it is aborted */
function pause(ms: number, signal: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      if (signal.aborted) reject(abortReason(signal));
      else resolve();
    };
    const timer = setTimeout(settle, ms);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}

/** Runs a subscription. Takes the next result only after the client can read it. */
async function follow(request: GraphqlRequest, running: Running): Promise<void> {
  const { operation, report } = running;
  const { session, signal, stopping, sink } = operation;
  const results = await start(request, running);
  report('subscription', []);
  const failures: unknown[] = [];
  const close = () => results.close();
  const renew = (renewed: Caller) => {
    results.renew(renewed).catch((error: unknown) => {
      failures.push(error);
      close();
    });
  };
  session.renewals.add(renew);
  for (const each of [signal, stopping]) {
    if (each.aborted) close();
    else each.addEventListener('abort', close);
  }
  try {
    for (;;) {
      const result = await results.next(sink.outlet);
      if (signal.aborted || stopping.aborted) return;
      if (failures.length > 0) throw failures[0];
      if (result === null) break;
      const json = jsonOf(result, session);
      const sent = sink.next(json);
      await (json.length < heldBytes ? sent : withMemory(sent, json, running));
    }
    await sink.complete();
  } finally {
    session.renewals.delete(renew);
    stopping.removeEventListener('abort', close);
    close();
  }
}

/** Shorter results cost less than counting them. A connection has few of them at once. */
const heldBytes = 16_384;

/**
 * Counts the memory of a result that the client does not read at once. A client that does not read is disconnected when
 * the project has used its memory for results.
 */
async function withMemory(
  sent: Promise<void>,
  json: ByteList,
  { held, operation: { sink }, caller }: Running,
): Promise<void> {
  const isSent = await Promise.race([sent.then(() => true), nextTurn(false)]);
  if (isSent) return;
  const release = held.hold(caller.projectRef, json);
  if (release === null) sink.abort();
  await sent;
  release?.();
}

const nextTurn = <T>(value: T): Promise<T> =>
  new Promise((resolve) => setImmediate(() => resolve(value)));

/** `extensions: { live: { patch: true } }` */
function wantsPatch({ extensions }: GraphqlRequest): boolean {
  const { live } = extensions;
  return typeof live === 'object' && live !== null && Reflect.get(live, 'patch') === true;
}

function jsonOf({ json, errors }: LiveResult, session: Session): ByteList {
  if (json !== null) return listOf(json);
  const shown = errors.flatMap((error) => toShown(error, session));
  return listOf(`{"errors":${JSON.stringify(entriesOf(shown))}}`);
}

const listOf = (body: ByteList | string): ByteList =>
  typeof body === 'string' ? new ByteList().add(bytesOfLong(body)) : body;

const entriesOf = (shown: readonly ShownError[]) => shown.map(({ entry }) => entry);

function toShown(error: unknown, { scope: { requestId } }: Session): readonly ShownError[] {
  const errors = error instanceof DocumentError ? error.errors : [error];
  return errors.map((each) => maskError(each, { requestId }));
}

/** Counts the operation on the first call, and logs unexpected errors. Returns the errors. */
type Report = (
  type: GraphqlOperationObservation['type'],
  errors: readonly ShownError[],
) => readonly ShownError[];

function createReport(session: Session, options: LiveOperationsOptions): Report {
  const { scope } = session;
  let isCounted = false;
  return (type, errors) => {
    logSurprises(errors, scope, options.logger);
    if (!isCounted) {
      isCounted = true;
      options.countOperation({ surface: 'project', type, outcome: outcomeOf(errors) });
      recordUsage(scope, errors.length > 0, options.recordUsage);
    }
    return errors;
  };
}
