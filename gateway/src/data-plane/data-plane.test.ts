import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';

import { createAnswerBudget } from '../platform/answer-budget.ts';
import { systemClock } from '../platform/clock.ts';
import { createPubSub } from '../platform/pubsub/pubsub.ts';
import type { Caller } from './callers/callers.ts';
import { createProjectConnections } from './connections/project-connections.ts';
import { createDataPlane } from './data-plane.ts';

/** Nothing connects to this address, because the tests run no statements. */
const connectionString = 'postgres://127.0.0.1:1/none';
const connections = createProjectConnections({
  connectionString,
  size: 1,
  onTrouble: () => undefined,
});
const dataPlane = createDataPlane({
  isFull: () => false,
  callers: {
    verifyKey: () => null,
    verifyAccessToken: () => Promise.resolve(null),
    findMember: () => Promise.resolve(null),
    viewAs: () => Promise.resolve(null),
  },
  settings: { findAccessSettings: () => Promise.resolve(null) },
  egress: { get: () => Promise.reject(new Error('These tests use no tokens.')) },
  logger: pino({ level: 'silent' }),
  onTokenCheck: () => undefined,
  onKeyFetch: () => undefined,
  projects: {
    findCurrentVersion: () => Promise.resolve(null),
    findSdl: () => Promise.resolve(null),
  },
  connections,
  roles: { ensure: () => Promise.resolve(), restore: () => Promise.resolve() },
  pubsub: createPubSub({ connectionString, logger: pino({ level: 'silent' }) }),
  clock: systemClock,
  compute: null,
});
afterEach(() => dataPlane.close());

describe('a project that was deleted after its caller was admitted', () => {
  const caller: Caller = {
    kind: 'member',
    projectId: 'p1',
    projectRef: 'a'.repeat(16),
    access: { read: 'ALL', write: 'ALL', introspect: true, rules: null },
    subject: null,
  };

  it('is reported as not found', async () => {
    const request = {
      query: '{ __typename }',
      operationName: null,
      variables: {},
      extensions: {},
      mayChange: true,
    };
    const { signal } = new AbortController();
    const memory = createAnswerBudget().open(caller.projectRef);
    await expect(
      dataPlane.execute(caller, request, { charge: () => undefined, signal, memory }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(dataPlane.printApi(caller)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
