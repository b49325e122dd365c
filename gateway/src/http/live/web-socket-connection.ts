import type { Socket } from 'node:net';

import { MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';

import type { RawRequest } from '../../data-plane/compute/tasks.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { requestFromBody } from '../../graphql/parse-request.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { Canceller } from '../../platform/cancellation.ts';
import type { ByteList } from '../../platform/bytes.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import type { SentCredentials } from '../authenticate.ts';
import type { BodyReservation } from '../body-budget.ts';
import { edgeErrors } from '../edge-errors.ts';
import { logSurprises, maxParsedBytes } from '../graphql-endpoint.ts';
import { maskError } from '../mask-error.ts';
import type { AdmissionScope } from '../project-admission.ts';
import { combineCredentials } from '../project-credentials.ts';
import { bodyBytesOf, holderOf } from '../project-api.ts';
import { anonymousBodyBytes, type BodyLimits } from '../read-body.ts';
import { closingOfEnd, closingOfError, closings, shortReason, type Closing } from './closing.ts';
import { addPayload, tokenIn } from './connection-credentials.ts';
import type { LiveCounts } from './live-counts.ts';
import type { LiveLimits } from './live-limits.ts';
import {
  ackMessage,
  BadMessageError,
  completeMessage,
  errorMessage,
  nextMessage,
  pongMessage,
  readMessage,
  type ClientMessage,
} from './messages.ts';
import type { OperationSink, RunLiveOperation } from './operations.ts';
import { Outbox } from './outbox.ts';
import type { Session, SessionEnd } from './session.ts';
import { TokenExpiredError, type Sessions } from './sessions.ts';

/** What all WebSockets share. */
export interface WebSocketEnvironment {
  readonly limits: LiveLimits;
  readonly sessions: Sessions;
  readonly run: RunLiveOperation;
  readonly counts: LiveCounts;
  /** Opens a memory reservation for a long message. */
  readonly openBody: (holder: string) => BodyReservation;
  readonly bodyLimits: BodyLimits;
  readonly logger: Logger;
}

/** A WebSocket that was accepted. Its headers can contain credentials. */
export interface AcceptedSocket {
  readonly socket: WebSocket;
  readonly transport: Socket;
  readonly scope: AdmissionScope;
  readonly ref: string;
  readonly credentials: SentCredentials;
  /** Called when the caller was admitted. */
  readonly onOpen: () => void;
  /** Called when the socket is closed. */
  readonly onClose: () => void;
}

/** Replies that the client has not read yet. With more, the gateway stops reading its messages. */
const maxUnreadReplies = 100;

/** One WebSocket with the protocol `graphql-transport-ws`. */
export class WebSocketConnection {
  readonly #accepted: AcceptedSocket;
  readonly #environment: WebSocketEnvironment;
  readonly #outbox: Outbox;
  readonly #openedAt = performance.now();
  readonly #stopping = new Canceller();
  /** The operations that the client has not completed, by id. */
  readonly #operations = new Map<string, Canceller>();
  #state: 'NEW' | 'ADMITTING' | 'OPEN' | 'STOPPING' | 'CLOSED' = 'NEW';
  #session: Session | null = null;
  /** Operations whose last message was not sent yet. */
  #running = 0;
  #started = 0;
  #replies = 0;
  /** Bytes received since the last complete message, and the memory reserved for them. */
  #unread = 0;
  #memory: BodyReservation | null = null;
  #closedAt = Infinity;
  #pingedAt = this.#openedAt;
  #activity = '';

  constructor(accepted: AcceptedSocket, environment: WebSocketEnvironment) {
    this.#accepted = accepted;
    this.#environment = environment;
    const { socket, transport } = accepted;
    this.#outbox = new Outbox(socket);
    environment.counts.connections.websocket += 1;
    // First, so that the limits apply before the message is read.
    transport.prependListener('data', (chunk: Buffer) => this.#receive(chunk.length));
    socket.on('message', (data, isBinary) => {
      // The type of `data` depends on `binaryType`, which has its default value.
      this.#read(data as Buffer, isBinary);
    });
    socket.on('ping', () => this.#forgetControlFrame());
    socket.on('pong', () => this.#forgetControlFrame());
    // The socket closes after an error, with a code for it.
    socket.on('error', () => undefined);
    socket.on('close', (code) => this.#onClose(code));
  }

  /** Closes a connection that was not initialized or closed in time, or whose client does not respond. */
  tick(now: number): void {
    const { limits } = this.#environment;
    if (this.#state === 'NEW' && now - this.#openedAt >= limits.initMs) {
      this.#close(closings.initTimedOut);
    }
    if (now - this.#closedAt >= limits.closeMs) this.terminate();
    if (now - this.#pingedAt < limits.pingMs) return;
    this.#pingedAt = now;
    const { socket, transport } = this.#accepted;
    // A client that reads slowly cannot answer a ping that waits behind a long message.
    const { bytesRead, bytesWritten, writableLength } = transport;
    const activity = `${bytesRead} ${writableLength > 0 ? bytesWritten - writableLength : ''}`;
    if (activity === this.#activity) this.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
    this.#activity = activity;
  }

  /** Ends subscriptions, lets other operations complete, and closes the connection. */
  stop(): void {
    if (this.#state === 'CLOSED') return;
    this.#state = 'STOPPING';
    this.#stopping.abort(new Error('The server is stopping.'));
    this.#closeIfStopped();
  }

  terminate(): void {
    this.#accepted.socket.terminate();
  }

  #closeIfStopped(): void {
    if (this.#state === 'STOPPING' && this.#running === 0) this.#close(closings.stopping);
  }

  #receive(length: number): void {
    const { caller } = this.#session?.admitted ?? {};
    this.#unread += length;
    if (this.#unread <= anonymousBodyBytes) return;
    if (this.#state === 'CLOSED') {
      // A client that goes on sending does not read the reason.
      if (this.#unread > 2 * anonymousBodyBytes) this.terminate();
      return;
    }
    if (caller === undefined) {
      this.#close(closings.tooLarge(anonymousBodyBytes));
      return;
    }
    const { openBody } = this.#environment;
    this.#memory ??= openBody(holderOf(caller));
    if (!this.#memory.reserve(length)) this.#close(closings.overloaded);
  }

  /** A client that sends only pings must not seem to send a long message. */
  #forgetControlFrame(): void {
    if (this.#memory === null) this.#unread = 0;
  }

  #read(data: Buffer, isBinary: boolean): void {
    const memory = this.#memory;
    this.#memory = null;
    this.#unread = 0;
    const release = () => memory?.release();
    try {
      if (isBinary) throw new BadMessageError('Messages must be text.');
      void this.#handle(readMessage(data)).finally(release);
    } catch (error) {
      release();
      if (!(error instanceof BadMessageError)) throw error;
      this.#close(closings.badMessage(error.message));
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    if (this.#state === 'CLOSED' || this.#state === 'STOPPING') return;
    switch (message.type) {
      case MessageType.ConnectionInit:
        await this.#initialize(message.payload);
        return;
      case MessageType.Ping:
        await this.#renew(message.payload);
        return;
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        await this.#subscribe(message.id, message.body);
        return;
      case MessageType.Complete:
        this.#complete(message.id);
        return;
      default:
        assertNever(message);
    }
  }

  async #initialize(payload: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#state !== 'NEW') {
      this.#close(closings.initTwice);
      return;
    }
    this.#state = 'ADMITTING';
    const { scope, ref, credentials: headers } = this.#accepted;
    try {
      const credentials = combineCredentials(addPayload(headers, payload));
      const end = (reason: SessionEnd) => this.#close(closingOfEnd(reason));
      const session = await this.#environment.sessions.open(credentials, scope, { ref, end });
      // The socket can be closed during the await, which the compiler does not take into account.
      if ((this.#state as string) !== 'ADMITTING') {
        this.#environment.sessions.close(session);
        return;
      }
      this.#session = session;
      this.#state = 'OPEN';
      this.#accepted.onOpen();
      this.#reply(ackMessage);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Replaces the token of the connection if the ping contains a newer one. */
  async #renew(payload: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      const token = tokenIn(payload);
      if (token !== null && this.#session !== null) {
        await this.#environment.sessions.renew(this.#session, token);
      }
      this.#reply(pongMessage);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    if (error instanceof TokenExpiredError) {
      this.#close(closingOfEnd('EXPIRED'));
      return;
    }
    const { scope } = this.#accepted;
    const shown = maskError(error, scope);
    logSurprises([shown], scope, this.#environment.logger);
    this.#close(closingOfError(shown));
  }

  async #subscribe(id: string, body: Buffer): Promise<void> {
    const session = this.#session;
    if (session === null || this.#operations.has(id)) {
      this.#close(session === null ? closings.notInitialised : closings.duplicateId(id));
      return;
    }
    const { limits, sessions, counts, run } = this.#environment;
    // Operations that the client has completed need a moment to end.
    const isFull =
      this.#operations.size >= limits.connectionOperations ||
      this.#running >= 2 * limits.connectionOperations;
    const release = isFull ? null : sessions.takeOperation(session);
    if (release === null) {
      const { entry } = maskError(edgeErrors.tooManyOperations(), this.#accepted.scope);
      this.#reply(errorMessage(id, JSON.stringify([entry])));
      return;
    }
    const canceller = new Canceller();
    this.#operations.set(id, canceller);
    this.#running += 1;
    this.#started += 1;
    counts.operations.websocket += 1;
    await run({
      session,
      request: () => this.#requestIn(body, session),
      signal: canceller,
      stopping: this.#stopping,
      sink: this.#sinkOf(id, canceller),
      isCounted: false,
    });
    release();
    this.#forget(id, canceller);
    this.#running -= 1;
    counts.operations.websocket -= 1;
    this.#closeIfStopped();
  }

  #requestIn(body: Buffer, { admitted }: Session): GraphqlRequest | RawRequest {
    const limit = bodyBytesOf(admitted.caller, this.#environment.bodyLimits);
    if (body.length > limit) throw requestErrors.bodyTooLarge(limit);
    return body.length > maxParsedBytes ? { body } : requestFromBody(body, 'EXACT');
  }

  #sinkOf(id: string, canceller: Canceller): OperationSink {
    const last = (message: ByteList): Promise<void> => {
      // The client can use the id again as soon as it has received the message.
      this.#forget(id, canceller);
      return this.#send(message);
    };
    return {
      outlet: this.#outbox,
      abort: () => this.terminate(),
      next: (result) => this.#send(nextMessage(id, result)),
      fail: (errors) => last(errorMessage(id, JSON.stringify(errors))),
      complete: () => last(completeMessage(id)),
    };
  }

  #complete(id: string): void {
    const canceller = this.#operations.get(id);
    this.#operations.delete(id);
    canceller?.abort(new Error('The client completed the operation.'));
  }

  #forget(id: string, canceller: Canceller): void {
    if (this.#operations.get(id) === canceller) this.#operations.delete(id);
  }

  #send(message: ByteList): Promise<void> {
    this.#environment.counts.messages.websocket += 1;
    return this.#outbox.send(message);
  }

  /** Sends a message that the client caused. */
  #reply(message: ByteList): void {
    const { socket } = this.#accepted;
    this.#replies += 1;
    if (this.#replies > maxUnreadReplies) socket.pause();
    void this.#send(message).then(() => {
      this.#replies -= 1;
      if (socket.isPaused && this.#replies === 0) socket.resume();
    });
  }

  #close({ code, reason }: Closing): void {
    if (this.#state === 'CLOSED') return;
    this.#environment.counts.countClosing(code);
    this.#end();
    this.#accepted.socket.close(code, shortReason(reason));
  }

  /** Ends all operations and the session. Called when the first side closes the connection. */
  #end(): void {
    this.#state = 'CLOSED';
    this.#closedAt = performance.now();
    const reason = new Error('The connection was closed.');
    for (const canceller of this.#operations.values()) canceller.abort(reason);
    this.#operations.clear();
    this.#stopping.abort(reason);
    if (this.#session !== null) this.#environment.sessions.close(this.#session);
  }

  #onClose(code: number): void {
    const { scope, onClose } = this.#accepted;
    const { counts, logger } = this.#environment;
    if (this.#state !== 'CLOSED') this.#end();
    this.#memory?.release();
    this.#memory = null;
    counts.connections.websocket -= 1;
    onClose();
    const level = code >= 4_000 || code === 1009 || code === 1013 ? 'info' : 'debug';
    if (!logger.isLevelEnabled(level)) return;
    const { requestId, observation, ipAddress } = scope;
    const ms = Math.round(performance.now() - this.#openedAt);
    const { principal } = observation;
    const fields = { requestId, code, ms, operations: this.#started, principal, ipAddress };
    logger[level](fields, 'connection');
  }
}
