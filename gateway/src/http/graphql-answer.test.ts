import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';

import { operationErrors } from '../engine/errors.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { answer } from './graphql-answer.ts';

const type = { type: 'application/graphql-response+json', keepsTo200: false } as const;
const outcome = { operationType: 'mutation', data: null } as const;
const refused = requestErrors.rateLimited(7);
const surprise = new TypeError('deep inside');

describe('a response with several errors', () => {
  it.each([
    {
      name: 'the first client error',
      thrown: [requestErrors.forbidden('No.'), refused],
      status: 403,
    },
    {
      name: 'a server fault, regardless of its position',
      thrown: [refused, surprise],
      status: 500,
    },
  ])('has the status of $name', ({ thrown, status }) => {
    const answered = answer({ ...outcome, errors: thrown }, type, 'r1');
    expect(answered.status).toBe(status);
    expect(answered.errors).toHaveLength(2);
  });

  it('has status 200 if there is data', () => {
    const { status, body } = answer(
      { ...outcome, data: '{"a":1}', errors: [surprise] },
      type,
      'r1',
    );
    expect(status).toBe(200);
    expect(body).toMatch(/"data":\{"a":1\}\}$/);
    expect(body).not.toContain('deep inside');
  });
});

describe('a response to an operation whose fields all failed', () => {
  const violated = operationErrors.notUnique('Issue', ['slug'], { path: ['createIssue'] });
  const types = [
    { type: 'application/json', keepsTo200: true },
    { type: 'application/json', keepsTo200: false },
    { type: 'application/graphql-response+json', keepsTo200: false },
  ] as const;

  it.each(types)('has data and status 200 if the fields were executed: %o', (accepted) => {
    const { status, body } = answer({ ...outcome, errors: [violated] }, accepted, 'r1');
    expect(status).toBe(200);
    expect(JSON.parse(String(body))).toMatchObject({
      data: null,
      errors: [{ path: ['createIssue'] }],
    });
  });

  it.each(types)('has no data and keeps the status of a fault: %o', (accepted) => {
    const { status, body } = answer({ ...outcome, errors: [surprise] }, accepted, 'r1');
    expect(status).toBe(500);
    expect(JSON.parse(String(body))).not.toHaveProperty('data');
  });

  it('has no data if the input was rejected before anything ran', () => {
    const rejected = { ...outcome, hasRun: false, errors: [violated] };
    const [legacy, , current] = types;
    expect(answer(rejected, legacy, 'r1').status).toBe(200);
    expect(answer(rejected, current, 'r1').status).toBe(409);
    expect(answer(rejected, current, 'r1').body).not.toContain('"data"');
  });
});

describe('an outage', () => {
  const lost = new Error('Connection terminated unexpectedly');
  const full = Object.assign(new Error('disk full'), { code: '53100' });
  const at = (originalError: Error, ...path: string[]) =>
    new GraphQLError('x', { originalError, path });
  const codeOf = (operationType: 'query' | 'mutation', error: Error) => {
    const { status, headers, errors } = answer(
      { operationType, data: null, errors: [error] },
      type,
      'r1',
    );
    return [errors[0]?.entry.extensions.code, status, headers['retry-after'] ?? null];
  };

  it.each([
    ['query', at(lost, 'viewer'), 'OVERLOADED', '1'],
    ['query', at(full, 'viewer', 'name'), 'OVERLOADED', '1'],
    ['mutation', at(lost, 'createProject'), 'OUTCOME_UNKNOWN', null],
    ['mutation', at(full, 'createProject'), 'OVERLOADED', '1'],
    ['mutation', at(refused, 'createProject', 'project'), 'RATE_LIMITED', '7'],
  ] as const)('in a %s: %o', (operationType, error, code, retryAfter) => {
    const status = code === 'RATE_LIMITED' ? 429 : 503;
    expect(codeOf(operationType, error)).toEqual([code, status, retryAfter]);
  });

  it.each([full, lost, requestErrors.overloaded()])(
    'after a mutation has succeeded does not tell the client to repeat it: %o',
    (error) => {
      const nested = at(error, 'createProject', 'project', 'organization');
      expect(codeOf('mutation', nested)).toEqual(['OUTCOME_UNKNOWN', 503, null]);
    },
  );
});
