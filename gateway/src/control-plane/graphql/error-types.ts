import {
  expectedCodes,
  plainErrors,
  ValidationError,
  type ExpectedCode,
  type ExpectedError,
} from '../errors/expected-error.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The reason for the failure of a mutation.',
  // The cast is safe: the keys of the table are exactly the codes.
  values: Object.keys(expectedCodes) as ExpectedCode[],
});

/** The types of errors that carry data are defined in their features. The codes are all in one catalogue. */
export const ErrorInterface = builder.interfaceRef<ExpectedError>('Error').implement({
  description: 'An expected failure that a client can handle.',
  authScopes: { public: true },
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'A message for people, with a way to fix the problem.',
    }),
    code: t.field({
      type: ErrorCode,
      description: 'A code for programs.',
      resolve: (error) => error.code,
    }),
  }),
});

const ValidationIssue = builder
  .objectRef<{ path: readonly string[]; message: string }>('ValidationIssue')
  .implement({
    description: 'One problem with an input.',
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

for (const errorClass of plainErrors) {
  builder.objectType(errorClass, {
    name: errorClass.typeName,
    interfaces: [ErrorInterface],
    authScopes: { public: true },
  });
}
