import type { ExpectedError } from '../../platform/errors/expected-error.ts';
import {
  AlreadyInvitedError,
  AlreadyMemberError,
  ConfirmationMismatchError,
  EmailTakenError,
  expectedErrorCodes,
  InvalidCredentialsError,
  InvalidTokenError,
  KeyNotActiveError,
  LastOwnerError,
  LimitReachedError,
  NotFoundError,
  SlugTakenError,
  ValidationError,
  WrongAccountError,
} from '../../platform/errors/expected-error.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'Why a mutation did not do what it was asked.',
  values: expectedErrorCodes,
});

/** Features whose failures carry data of theirs add the types; the codes stand in the one catalogue. */
export const ErrorInterface = builder.interfaceRef<ExpectedError>('Error').implement({
  description: 'A failure that a caller should expect and can act on.',
  authScopes: { public: true },
  fields: (t) => ({
    message: t.exposeString('message', { description: 'For people, with the way out.' }),
    code: t.field({
      type: ErrorCode,
      description: 'For programs.',
      resolve: (error) => error.code,
    }),
  }),
});

const ValidationIssue = builder
  .objectRef<{ path: readonly string[]; message: string }>('ValidationIssue')
  .implement({
    description: 'One thing wrong with an input.',
    authScopes: { public: true },
    fields: (t) => ({
      path: t.stringList({
        description: 'Leads to the value from the input object.',
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

const plainErrors = {
  AlreadyInvitedError,
  AlreadyMemberError,
  ConfirmationMismatchError,
  EmailTakenError,
  InvalidCredentialsError,
  InvalidTokenError,
  KeyNotActiveError,
  LastOwnerError,
  LimitReachedError,
  NotFoundError,
  SlugTakenError,
  WrongAccountError,
} as const;

for (const [name, errorClass] of Object.entries(plainErrors)) {
  builder.objectType(errorClass, {
    name,
    interfaces: [ErrorInterface],
    authScopes: { public: true },
  });
}
