import {
  expectedCodes,
  plainErrors,
  ValidationError,
  type ExpectedCode,
  type ExpectedError,
} from '../errors/expected-error.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'Why a mutation did not do what it was asked.',
  // The table has no other keys than its codes.
  values: Object.keys(expectedCodes) as ExpectedCode[],
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

for (const errorClass of plainErrors) {
  builder.objectType(errorClass, {
    name: errorClass.typeName,
    interfaces: [ErrorInterface],
    authScopes: { public: true },
  });
}
