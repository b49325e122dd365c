import { CloseCode } from 'graphql-ws';

import { assertNever } from '../../platform/assert-never.ts';
import type { ShownError } from '../mask-error.ts';
import type { SessionEnd } from './session.ts';

/** Why the gateway closes a WebSocket, as the client sees it. */
export interface Closing {
  readonly code: ClosingCode;
  readonly reason: string;
}

/** The codes with which the gateway closes WebSockets: RFC 6455, section 7.4.1, and those of the protocol. */
export const closingCodes = [
  1009, 1012, 1013, 4400, 4401, 4403, 4404, 4408, 4409, 4429, 4500,
] as const;
export type ClosingCode = (typeof closingCodes)[number];

export const closings = {
  tooLarge: (limit: number): Closing => ({
    code: 1009,
    reason: `The message must not exceed ${limit} bytes.`,
  }),
  stopping: { code: 1012, reason: 'The server is stopping. Connect again.' },
  overloaded: { code: 1013, reason: 'The server is busy. Connect again in a moment.' },
  badMessage: (reason: string): Closing => ({ code: CloseCode.BadRequest, reason }),
  notInitialised: {
    code: CloseCode.Unauthorized,
    reason: 'Send connection_init and wait for connection_ack first.',
  },
  initTimedOut: {
    code: CloseCode.ConnectionInitialisationTimeout,
    reason: 'The message connection_init was not received in time.',
  },
  duplicateId: (id: string): Closing => ({
    code: CloseCode.SubscriberAlreadyExists,
    reason: `An operation with the id ${id} runs already.`,
  }),
  initTwice: {
    code: CloseCode.TooManyInitialisationRequests,
    reason: 'The message connection_init was sent more than once.',
  },
} as const satisfies Readonly<Record<string, Closing | ((argument: never) => Closing)>>;

export function closingOfEnd(end: SessionEnd): Closing {
  switch (end) {
    case 'EXPIRED':
      return { code: CloseCode.Forbidden, reason: 'The token has expired.' };
    case 'CHANGED':
      return {
        code: CloseCode.Forbidden,
        reason: 'The access of the caller has changed. Connect again.',
      };
    case 'REVOKED':
      return { code: CloseCode.Unauthorized, reason: 'The credentials are not valid any more.' };
    default:
      return assertNever(end);
  }
}

/** Returns how a connection is closed whose caller was refused with this error. */
export function closingOfError({ entry: { message, extensions } }: ShownError): Closing {
  const code = codes.get(extensions.code) ?? CloseCode.InternalServerError;
  return { code, reason: `${extensions.code}: ${message}` };
}

const codes: ReadonlyMap<string, ClosingCode> = new Map<string, ClosingCode>([
  ['UNAUTHENTICATED', CloseCode.Unauthorized],
  ['FORBIDDEN', CloseCode.Forbidden],
  ['BAD_REQUEST', CloseCode.BadRequest],
  ['NOT_FOUND', 4404],
  ['RATE_LIMITED', 1013],
  ['OVERLOADED', 1013],
]);

/** A reason has at most 123 bytes: RFC 6455, section 5.5. */
const maxReasonBytes = 123;

export function shortReason(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= maxReasonBytes) return reason;
  // A character that was cut is decoded as U+FFFD.
  return `${bytes.toString('utf8', 0, maxReasonBytes - 3).replace(/\uFFFD+$/, '')}…`;
}
