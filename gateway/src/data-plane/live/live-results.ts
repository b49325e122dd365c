import type { Charge } from '../../graphql/request-cost.ts';
import type { ByteList } from '../../platform/bytes.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import type { Caller } from '../callers/callers.ts';
import type { Outlet } from './outlet.ts';

/** How a subscription is started, apart from its caller and its request. */
export interface SubscribeOptions {
  /** Counts the operation against the caller's rate limit. Called once, before the operation runs. */
  readonly charge: Charge;
  /** The signal is aborted if the client disconnects or unsubscribes. */
  readonly signal: Cancellation;
  /** Whether later results of a live query are sent as a JSON Patch if that is shorter. */
  readonly patch: boolean;
}

/** The results of one subscription, which its transport pulls. */
export interface LiveResults {
  /**
   * Returns the next result to send, or null if the subscription is complete or was closed. Must not be called again
   * before the promise has settled. While it is not called, newer results of a live query replace older ones, and a
   * change stream reads no further changes. The same applies while `outlet` is not open.
   * @param outlet where the result is sent @default an outlet that is always open
   */
  next(outlet?: Outlet): Promise<LiveResult | null>;
  /**
   * Continues with the access of another caller of the same project, such as the same user with a new token. Nothing is
   * sent if the result is the same.
   * @throws the errors of `DataPlane.subscribe`. The subscription has then ended
   */
  renew(caller: Caller): Promise<void>;
  /** Ends the subscription. Can be called more than once. */
  close(): void;
}

export interface LiveResult {
  /** An execution result as JSON. Null if `errors` contains the result. */
  readonly json: ByteList | null;
  /** The errors as they were thrown, to be masked by the transport. */
  readonly errors: readonly unknown[];
}

export const failedResult = (error: unknown): LiveResult => ({ json: null, errors: [error] });
