import type { RawRequest } from '../../data-plane/compute/tasks.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { requestFromBody, requestFromQuery } from '../../graphql/parse-request.ts';
import { Canceller } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { BodyReservation } from '../body-budget.ts';
import type { CrossOriginPolicy } from '../cross-origin.ts';
import { edgeErrors } from '../edge-errors.ts';
import { answerFailure } from '../graphql-answer.ts';
import {
  checkHead,
  inspection,
  logSurprises,
  maxParsedBytes,
  outcomeOf,
  type GraphqlHttpOptions,
} from '../graphql-endpoint.ts';
import { maskError } from '../mask-error.ts';
import { plainJson } from '../media-types.ts';
import { bodyBytesOf, holderOf } from '../project-api.ts';
import { combineCredentials, readConnectionCredentials } from '../project-credentials.ts';
import { readBody, type BodyLimits } from '../read-body.ts';
import { recordUsage } from '../record-usage.ts';
import type { RequestScope } from '../request-scope.ts';
import { send } from '../responses.ts';
import type { SlowDown } from '../slow-down.ts';
import { closingOfEnd } from './closing.ts';
import { EventStream } from './event-stream.ts';
import type { LiveCounts } from './live-counts.ts';
import type { LiveLimits } from './live-limits.ts';
import type { RunLiveOperation } from './operations.ts';
import type { Session, SessionEnd } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface EventStreamsOptions extends GraphqlHttpOptions {
  readonly limits: LiveLimits;
  readonly sessions: Sessions;
  readonly run: RunLiveOperation;
  readonly counts: LiveCounts;
  readonly openBody: (holder: string) => BodyReservation;
  readonly bodyLimits: BodyLimits;
  readonly crossOrigin: CrossOriginPolicy;
  readonly slowDown: SlowDown;
}

/** The event streams of all projects. */
export interface EventStreams {
  /** Answers a request that accepts `text/event-stream`. A request that is refused is answered as over HTTP. */
  respond(scope: RequestScope, ref: string): Promise<void>;
  /** From now on, refuses requests and ends subscriptions. Other operations complete. */
  stop(): void;
}

/** How often streams are checked for silence. */
const tickMs = 500;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies must not compress the stream, because they would collect events.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

interface Opened {
  readonly session: Session;
  readonly request: () => GraphqlRequest | RawRequest;
  readonly releaseOperation: () => void;
}

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { limits, sessions, run, counts, crossOrigin, bodyLimits } = options;
  const stopping = new Canceller();
  const streams = new Set<EventStream>();
  let timer: NodeJS.Timeout | null = null;

  const tick = (): void => {
    const now = performance.now();
    for (const stream of streams) stream.keepAlive(now, limits.commentMs);
  };

  const remove = (stream: EventStream): void => {
    streams.delete(stream);
    if (streams.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  const refuse = async (scope: RequestScope, thrown: unknown): Promise<void> => {
    const gone = scope.response.destroyed ? requestErrors.clientGone() : null;
    const { errors, status, headers, contentType, body } = answerFailure(
      gone ?? thrown,
      plainJson,
      scope.requestId,
    );
    logSurprises(errors, scope, options.logger);
    options.countOperation({ surface: 'project', type: 'unknown', outcome: outcomeOf(errors) });
    recordUsage(scope, true, options.recordUsage);
    scope.head.setAll(headers);
    const slowed = options.slowDown(scope, status);
    if (slowed !== null) await slowed;
    send(scope, status, contentType, body);
  };

  /** Admits the caller and reads the request. @throws RequestError */
  const open = async (
    scope: RequestScope,
    ref: string,
    end: (reason: SessionEnd) => void,
  ): Promise<Opened> => {
    if (stopping.aborted) throw edgeErrors.stopping();
    const isPost = checkHead(scope, { bodyLimits, usesCookies: false }, crossOrigin);
    await crossOrigin.refuseForeignPage(scope, ref);
    const credentials = combineCredentials(readConnectionCredentials(scope.request));
    const session = await sessions.open(credentials, scope, { ref, end });
    scope.whenClosed(() => sessions.close(session));
    const request = isPost
      ? await readRequest(scope, session, options)
      : () => requestFromQuery(scope.query, 'EXACT');
    const releaseOperation = sessions.takeOperation(session);
    if (releaseOperation === null) throw edgeErrors.tooManyOperations();
    return { session, request, releaseOperation };
  };

  const stream = async (scope: RequestScope, opened: Opened, canceller: Canceller) => {
    const { response, head } = scope;
    head.setAll(streamHeaders);
    response.writeHead(200, head.pairs);
    response.flushHeaders();
    const events = new EventStream(response, () => (counts.messages.sse += 1));
    streams.add(events);
    timer ??= setInterval(tick, tickMs).unref();
    counts.operations.sse += 1;
    try {
      const { session, request } = opened;
      await run({ session, request, signal: canceller, stopping, sink: events, isCounted: true });
    } finally {
      opened.releaseOperation();
      counts.operations.sse -= 1;
      remove(events);
    }
    return events;
  };

  return {
    async respond(scope, ref) {
      scope.route = 'events';
      const canceller = new Canceller();
      const ended: SessionEnd[] = [];
      counts.connections.sse += 1;
      scope.whenClosed(() => {
        counts.connections.sse -= 1;
        canceller.abort(new Error('The client disconnected.'));
      });
      try {
        const opened = await open(scope, ref, (reason) => {
          ended.push(reason);
          canceller.abort(new Error('The session has ended.'));
        });
        if (scope.method === 'HEAD') {
          opened.releaseOperation();
          answerHead(scope);
          recordUsage(scope, false, options.recordUsage);
          return;
        }
        const events = await stream(scope, opened, canceller);
        const [reason] = ended;
        if (reason === undefined) events.end();
        else await events.fail([maskError(endedError(reason), scope).entry]);
      } catch (error) {
        await refuse(scope, error);
      }
    },
    stop: () => stopping.abort(new Error('The server is stopping.')),
  };
}

/** The response to a HEAD request has the headers of the stream. The operation does not run. */
function answerHead({ response, head }: RequestScope): void {
  head.setAll(streamHeaders);
  response.writeHead(200, head.pairs);
  response.end();
}

const endedError = (reason: SessionEnd) =>
  requestErrors.unauthenticated(closingOfEnd(reason).reason);

/** Reads the body. The returned function parses it. @throws RequestError */
async function readRequest(
  { request }: RequestScope,
  { admitted: { caller } }: Session,
  { openBody, bodyLimits }: EventStreamsOptions,
): Promise<() => GraphqlRequest | RawRequest> {
  const memory = openBody(holderOf(caller));
  try {
    const limits = { ...bodyLimits, bytes: bodyBytesOf(caller, bodyLimits) };
    const body = await readBody(request, limits, memory, inspection);
    return () => (body.length > maxParsedBytes ? { body } : requestFromBody(body, 'EXACT'));
  } finally {
    memory.release();
  }
}
