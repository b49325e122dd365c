import { describe, expect, it } from 'vitest';

import { isWorking, keyStatus, whyNotRotated, whyOver } from './key-status.ts';

const now = new Date('2030-01-10T12:00:00Z');
const key = { expiresAt: null, revokedAt: null, replacedById: null };

describe('how it stands with a key', () => {
  it('works until it expires, and not at that moment', () => {
    expect(keyStatus(key, now)).toEqual({ kind: 'ACTIVE' });
    expect(keyStatus({ ...key, expiresAt: '2030-01-12T12:00:00Z' }, now)).toEqual({
      kind: 'ENDING',
      until: '2030-01-12T12:00:00Z',
      isSoon: true,
      isReplaced: false,
    });
    const expired = keyStatus({ ...key, expiresAt: now.toISOString() }, now);
    expect(isWorking(expired)).toBe(false);
    expect(whyOver(expired)).toBe('It has expired.');
  });

  it('is revoked, whatever else it is', () => {
    const revoked = keyStatus({ ...key, revokedAt: '2030-01-01T00:00:00Z' }, now);
    expect(revoked.kind).toBe('REVOKED');
    expect(whyNotRotated(revoked)).toBe('It is revoked.');
  });

  it('is rotated once', () => {
    const old = { ...key, expiresAt: '2030-01-11T12:00:00Z', replacedById: 'other' };
    expect(whyNotRotated(keyStatus(old, now))).toMatch(/^It was rotated before/);
    expect(whyOver(keyStatus(old, now))).toBeNull();
    expect(whyNotRotated(keyStatus(key, now))).toBeNull();
  });
});
