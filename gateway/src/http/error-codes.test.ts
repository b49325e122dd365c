import { describe, expect, expectTypeOf, it } from 'vitest';

import { errors, type ControlPlaneCode } from '../control-plane/errors/errors.ts';
import { expectedCodes, type ExpectedCode } from '../control-plane/errors/expected-error.ts';
import type { schemaErrors } from '../control-plane/schemas/schema-errors.ts';
import { projectErrors, type DataPlaneCode } from '../data-plane/errors.ts';
import { operationCodes, operationErrors, type OperationCode } from '../engine/errors.ts';
import { documentCodes, type DocumentCode, type uncoded } from '../graphql/document-error.ts';
import type { CodedGraphQLError, documentErrors } from '../graphql/document-errors.ts';
import type { CodeMeaning } from '../platform/errors/client-error.ts';
import {
  requestCodes,
  type RequestCode,
  type RequestError,
} from '../platform/errors/request-error.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { maskError } from './mask-error.ts';

/** The union of the types that a catalogue's functions return. */
type Made<Catalogue> = {
  [Entry in keyof Catalogue]: Catalogue[Entry] extends (...args: never) => infer Result
    ? Result
    : never;
}[keyof Catalogue];

/** This conditional type distributes over the members of the union. */
type CodeOf<Failure> = Failure extends { readonly code: infer Code } ? Code : never;
type CodeOfRequest<Failure> = Failure extends RequestError<infer Code> ? Code : never;
type CodeOfDocument<Failure> = Failure extends CodedGraphQLError<infer Code> ? Code : never;

type AnyMade =
  | Made<typeof requestErrors>
  | Made<typeof documentErrors>
  | Made<typeof projectErrors>
  | Made<typeof errors>
  | Made<typeof schemaErrors>;

// `tsc` checks these tests. It reports codes that no catalogue uses, and catalogue entries with a code that is not in
// any table.
describe('the error catalogues create exactly the codes in their tables', () => {
  it('for requests', () => {
    expectTypeOf<CodeOfRequest<AnyMade>>().toEqualTypeOf<RequestCode>();
  });

  it('for documents', () => {
    type Produced = CodeOfDocument<Made<typeof documentErrors>> | typeof uncoded;
    expectTypeOf<Produced>().toEqualTypeOf<DocumentCode>();
  });

  it('for operations', () => {
    expectTypeOf<CodeOf<Made<typeof operationErrors>>>().toEqualTypeOf<OperationCode>();
  });

  it('for the control plane', () => {
    type Produced = Exclude<Made<typeof errors> | Made<typeof schemaErrors>, RequestError>;
    expectTypeOf<CodeOf<Produced>>().toEqualTypeOf<ExpectedCode>();
  });
});

describe('the code tables', () => {
  it('assign the same status to a code in every table', () => {
    const statuses = new Map<string, number>();
    const tables: readonly Readonly<Record<string, CodeMeaning>>[] = [
      requestCodes,
      documentCodes,
      operationCodes,
      expectedCodes,
    ];
    for (const table of tables) {
      for (const [code, { status }] of Object.entries(table)) {
        expect(statuses.get(code) ?? status, code).toBe(status);
        statuses.set(code, status);
      }
    }
    expectTypeOf<ControlPlaneCode | DataPlaneCode>().toEqualTypeOf<
      RequestCode | DocumentCode | OperationCode | ExpectedCode
    >();
  });
});

describe('maskError', () => {
  it.each<[Error, string, number, object, boolean]>([
    [requestErrors.rateLimited(6.2), 'RATE_LIMITED', 429, { 'retry-after': '7' }, false],
    [projectErrors.notFound(), 'NOT_FOUND', 404, {}, false],
    [errors.notFound('project'), 'NOT_FOUND', 404, {}, false],
    [operationErrors.notUnique('Issue', ['slug'], {}), 'UNIQUE_VIOLATION', 409, {}, true],
  ])(
    'uses the status from the code table: %o',
    (error, code, status, headers, isGraphqlRequestError) => {
      expect(maskError(error, { requestId: 'r1' })).toMatchObject({
        entry: { message: error.message, extensions: { code } },
        status,
        headers,
        isGraphqlRequestError,
        surprise: null,
      });
    },
  );

  it('includes the extensions and the path of the error', () => {
    const issues = [{ path: ['create', 'title'], message: 'This is required.' }] as const;
    const { entry } = maskError(operationErrors.invalidInput(issues, { path: ['create'] }), {
      requestId: 'r1',
    });
    expect(entry).toEqual({
      message: 'This is required.',
      extensions: { code: 'BAD_USER_INPUT', issues },
      path: ['create'],
    });
  });
});
