import {
  expectedCodes,
  InvalidTokenError,
  plainErrors,
  type SessionEnd,
  ValidationError,
  type ExpectedCode,
  type ExpectedError,
} from '../errors/expected-error.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The reason that a mutation failed.',
  // The cast is safe: the table's keys are exactly the codes.
  values: Object.keys(expectedCodes) as ExpectedCode[],
});

/** Error types that carry data are defined in the features that use them. All codes are defined in one table. */
export const ErrorInterface = builder.interfaceRef<ExpectedError>('Error').implement({
  description: 'An expected failure that a client can handle.',
  authScopes: { public: true },
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'A human-readable message that says how to fix the problem.',
    }),
    code: t.field({
      type: ErrorCode,
      description: 'A machine-readable code.',
      resolve: (error) => error.code,
    }),
  }),
});

const ValidationIssue = builder
  .objectRef<{ path: readonly string[]; message: string }>('ValidationIssue')
  .implement({
    description: 'A problem with one value in the input.',
    authScopes: { public: true },
    fields: (t) => ({
      path: t.stringList({
        description: 'The path from the input object to the invalid value.',
        resolve: (issue) => [...issue.path],
      }),
      message: t.exposeString('message'),
    }),
  });

builder.objectType(ValidationError, {
  name: 'ValidationError',
  interfaces: [ErrorInterface],
  authScopes: { public: true },
  fields: (t) => ({
    issues: t.field({ type: [ValidationIssue], resolve: (error) => [...error.issues] }),
  }),
});

const SessionEndType = builder.enumType('SessionEnd', {
  description: 'The reason that a session has ended.',
  values: {
    EXPIRED: { description: 'The session was not used for too long, or reached its maximum age.' },
    REVOKED: {
      description:
        'The user signed out or ended the session on another device, or the password was changed.',
    },
    REUSED: {
      description: 'A refresh token was used again after its exchange. It may have been stolen.',
    },
  } satisfies Record<SessionEnd, { description: string }>,
});

builder.objectType(InvalidTokenError, {
  name: 'InvalidTokenError',
  interfaces: [ErrorInterface],
  authScopes: { public: true },
  fields: (t) => ({
    sessionEnd: t.expose('sessionEnd', {
      type: SessionEndType,
      nullable: true,
      description:
        'For a refresh token: the reason that its session has ended. Null if no session with this token is known. Ended sessions are deleted after a day.',
    }),
  }),
});

for (const errorClass of plainErrors) {
  builder.objectType(errorClass, {
    name: errorClass.typeName,
    interfaces: [ErrorInterface],
    authScopes: { public: true },
  });
}
