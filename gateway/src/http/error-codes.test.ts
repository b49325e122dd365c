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

/** What the entries of a catalogue make. */
type Made<Catalogue> = {
  [Entry in keyof Catalogue]: Catalogue[Entry] extends (...args: never) => infer Result
    ? Result
    : never;
}[keyof Catalogue];

/** A union member by member. */
type CodeOf<Failure> = Failure extends { readonly code: infer Code } ? Code : never;
type CodeOfRequest<Failure> = Failure extends RequestError<infer Code> ? Code : never;
type CodeOfDocument<Failure> = Failure extends CodedGraphQLError<infer Code> ? Code : never;

type AnyMade =
  | Made<typeof requestErrors>
  | Made<typeof documentErrors>
  | Made<typeof projectErrors>
  | Made<typeof errors>
  | Made<typeof schemaErrors>;

// `tsc` checks these: a code that no catalogue makes is an error, as is an entry with a code of no table.
describe('every code of a table is made by a catalogue, and no other', () => {
  it('of requests', () => {
    expectTypeOf<CodeOfRequest<AnyMade>>().toEqualTypeOf<RequestCode>();
  });

  it('of documents', () => {
    type Produced = CodeOfDocument<Made<typeof documentErrors>> | typeof uncoded;
    expectTypeOf<Produced>().toEqualTypeOf<DocumentCode>();
  });

  it('of operations', () => {
    expectTypeOf<CodeOf<Made<typeof operationErrors>>>().toEqualTypeOf<OperationCode>();
  });

  it('of the control plane', () => {
    type Produced = Exclude<Made<typeof errors> | Made<typeof schemaErrors>, RequestError>;
    expectTypeOf<CodeOf<Produced>>().toEqualTypeOf<ExpectedCode>();
  });
});

describe('the tables', () => {
  it('give one code the same status wherever it stands', () => {
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

describe('what a client sees', () => {
  it.each<[Error, string, number, object, boolean]>([
    [requestErrors.rateLimited(6.2), 'RATE_LIMITED', 429, { 'retry-after': '7' }, false],
    [projectErrors.notFound(), 'NOT_FOUND', 404, {}, false],
    [errors.notFound('project'), 'NOT_FOUND', 404, {}, false],
    [operationErrors.notUnique('Issue', ['slug'], {}), 'UNIQUE_VIOLATION', 409, {}, true],
  ])('is what the table says: %o', (error, code, status, headers, isGraphqlRequestError) => {
    expect(maskError(error, 'r1')).toMatchObject({
      entry: { message: error.message, extensions: { code } },
      status,
      headers,
      isGraphqlRequestError,
      surprise: null,
    });
  });

  it('has the extensions and the path of the error', () => {
    const issues = [{ path: ['create', 'title'], message: 'This is required.' }] as const;
    const { entry } = maskError(operationErrors.invalidInput(issues, { path: ['create'] }), 'r1');
    expect(entry).toEqual({
      message: 'This is required.',
      extensions: { code: 'BAD_USER_INPUT', issues },
      path: ['create'],
    });
  });
});
