import { describe, expect, it } from 'vitest';

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
