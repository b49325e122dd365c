import { describe, expect, it } from 'vitest';

import { isWorking, keyStatus, whyNotRotated, whyOver } from './key-status.ts';

const now = new Date('2030-01-10T12:00:00Z');
const key = { expiresAt: null, revokedAt: null, replacedById: null };

describe('keyStatus', () => {
  it('treats a key as expired at its expiry time', () => {
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

  it('reports a revoked key as revoked and does not allow rotating it', () => {
    const revoked = keyStatus({ ...key, revokedAt: '2030-01-01T00:00:00Z' }, now);
    expect(revoked.kind).toBe('REVOKED');
    expect(whyNotRotated(revoked)).toBe('This key is revoked.');
  });

  it('does not allow rotating a key twice', () => {
    const old = { ...key, expiresAt: '2030-01-11T12:00:00Z', replacedById: 'other' };
    expect(whyNotRotated(keyStatus(old, now))).toMatch(/^This key was already rotated/);
    expect(whyOver(keyStatus(old, now))).toBeNull();
    expect(whyNotRotated(keyStatus(key, now))).toBeNull();
  });
});
