import { describe, expect, it } from 'vitest';

import { isWorking, keyStatus, whyNotRotated, whyOver } from './key-status.ts';

const now = new Date('2030-01-10T12:00:00Z');
const key = { expiresAt: null, revokedAt: null, replacedById: null };

describe('keyStatus', () => {
  it('treats a key as expired at the time of its expiry', () => {
    expect(keyStatus(key, now)).toEqual({ kind: 'ACTIVE' });
    expect(keyStatus({ ...key, expiresAt: '2030-01-12T12:00:00Z' }, now)).toEqual({
      kind: 'ENDING',
      until: '2030-01-12T12:00:00Z',
      isSoon: true,
      isReplaced: false,
    });
    const expired = keyStatus({ ...key, expiresAt: now.toISOString() }, now);
    expect(isWorking(expired)).toBe(false);
    expect(whyOver(expired)).toBe('This key has expired.');
  });

  it('reports a revoked key as revoked in every other state', () => {
    const revoked = keyStatus({ ...key, revokedAt: '2030-01-01T00:00:00Z' }, now);
    expect(revoked.kind).toBe('REVOKED');
    expect(whyNotRotated(revoked)).toBe('This key is revoked.');
  });

  it('does not allow a second rotation of a key', () => {
    const old = { ...key, expiresAt: '2030-01-11T12:00:00Z', replacedById: 'other' };
    expect(whyNotRotated(keyStatus(old, now))).toMatch(/^This key was already rotated/);
    expect(whyOver(keyStatus(old, now))).toBeNull();
    expect(whyNotRotated(keyStatus(key, now))).toBeNull();
  });
});
