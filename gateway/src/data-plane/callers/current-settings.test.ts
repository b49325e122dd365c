import { describe, expect, it } from 'vitest';

import { createFakePubSub } from '../../../test/fake-pubsub.ts';
import type { AccessSettings } from './access-settings.ts';
import { accessSettingsChannel, createCurrentSettings } from './current-settings.ts';

const ref = 'abcdefghijklmnop';

function start() {
  const stored = new Map<string, AccessSettings>();
  const queries: string[] = [];
  const pubsub = createFakePubSub();
  const time = { now: new Date('2026-01-01T00:00:00Z') };
  const settings = createCurrentSettings({
    settings: {
      findAccessSettings: (wanted) => {
        queries.push(wanted);
        return Promise.resolve(stored.get(wanted) ?? null);
      },
    },
    pubsub,
    clock: () => time.now,
  });
  return { stored, queries, pubsub, time, settings };
}

const withOrigin = (origin: string): AccessSettings => ({
  allowedOrigins: [origin],
  trustedIssuers: [],
});

describe('the current access settings', () => {
  it('are cached until a notification reports a change', async () => {
    const { stored, queries, pubsub, settings } = start();
    stored.set(ref, withOrigin('https://a.example'));
    const first = await settings.get(ref);
    expect(first?.allowedOrigins).toEqual(['https://a.example']);
    expect(settings.get(ref)).toBe(first);
    stored.set(ref, withOrigin('https://b.example'));
    expect(settings.get(ref)).toBe(first);
    pubsub.notify(accessSettingsChannel, ref);
    expect((await settings.get(ref))?.allowedOrigins).toEqual(['https://b.example']);
    expect(queries).toEqual([ref, ref]);
  });

  it('are queried for every request while notifications cannot be received', async () => {
    const { stored, queries, pubsub, settings } = start();
    stored.set(ref, withOrigin('https://a.example'));
    await settings.get(ref);
    pubsub.lose();
    await settings.get(ref);
    await settings.get(ref);
    expect(queries).toHaveLength(3);
  });

  it('of an unknown project need no query for 30 seconds, and those of an impossible ref never', async () => {
    const { queries, time, settings } = start();
    expect(settings.get('not a ref')).toBeNull();
    expect(await settings.get(ref)).toBeNull();
    expect(settings.get(ref)).toBeNull();
    expect(queries).toEqual([ref]);
    time.now = new Date(time.now.getTime() + 30_001);
    expect(await settings.get(ref)).toBeNull();
    expect(queries).toEqual([ref, ref]);
  });
});
