import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { hostileProjectDocuments } from '../../test/hostile-project-documents.ts';
import { narrowKey, useTracker } from '../../test/project-api.ts';
import { post } from '../../test/http-server.ts';
import { projectDocumentLimits } from '../engine/runtime.ts';
import { defaultProjectBodyLimits } from './project-api.ts';
import { anonymousBodyBytes, defaultBodyLimits } from './read-body.ts';

const app = useApp();
const tracker = useTracker(app);

beforeAll(async () => {
  // A long document starts the compute thread, which loads its code.
  await tracker().ask(`{ __typename } # ${'x'.repeat(8_000)}`);
});

/** Well above the time that such a request takes, and well below the time that it would take without limits. */
const maxCpuSeconds = 1;

describe("a hostile document for a project's API", () => {
  it.each(hostileProjectDocuments.map(({ name, ...rest }) => [name, rest] as const))(
    'is quickly rejected with a code: %s',
    async (_name, { query, code }) => {
      const startedAt = process.cpuUsage();
      const { errors } = await tracker().ask(query);
      const { user, system } = process.cpuUsage(startedAt);
      expect(errors?.[0]?.extensions).toMatchObject({ code });
      expect((user + system) / 1e6).toBeLessThan(maxCpuSeconds);
    },
  );

  it('can have as many fields and fields of one name as the limits allow', async () => {
    // 200 fields of one name are 19,900 pairs.
    const same = Array.from({ length: 200 }, () => '__typename').join(' ');
    const others = Array.from({ length: 799 }, (_, i) => `a${i}: __typename`).join(' ');
    const { data } = await tracker().ask(`{ ${same} ${others} }`);
    expect(Object.keys(data ?? {})).toHaveLength(800);
    expect(projectDocumentLimits).toMatchObject({ fields: 1_000, samePairs: 20_000 });
  });

  it('can have a JSON value with as many levels as the limit allows', async () => {
    const { errors } = await tracker().ask(
      `{ issues(where: { title: ${'['.repeat(150)}${']'.repeat(150)} }) { totalCount } }`,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });
});

describe('a body', () => {
  const padded = (bytes: number) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    return body + ' '.repeat(bytes - body.length);
  };
  const send = async (endpoint: string, bytes: number, key?: string) => {
    const headers: Record<string, string> =
      key === undefined ? {} : { authorization: `Bearer ${key}` };
    // `post` appends the path of the endpoint.
    const { status, code } = await post(endpoint.replace(/\/graphql$/, ''), padded(bytes), headers);
    return code ?? status;
  };

  it('has a smaller limit without a credential', async () => {
    const url = `${app.url}/graphql`;
    expect(await send(url, anonymousBodyBytes)).toBe(200);
    expect(await send(url, anonymousBodyBytes + 1)).toBe('PAYLOAD_TOO_LARGE');
    expect(await send(url, anonymousBodyBytes + 1, tracker().key)).toBe(200);
  });

  it('has a larger limit from keys that can write', async () => {
    const { endpoint, key } = tracker();
    const reader = await narrowKey(app, tracker(), ['data.read']);
    const { bytes } = defaultBodyLimits;
    expect(await send(endpoint, bytes, reader)).toBe(200);
    expect(await send(endpoint, bytes + 1, reader)).toBe('PAYLOAD_TOO_LARGE');
    expect(await send(endpoint, bytes + 1, key)).toBe(200);
    expect(await send(endpoint, defaultProjectBodyLimits.bytes + 1, key)).toBe('PAYLOAD_TOO_LARGE');
  });
});
