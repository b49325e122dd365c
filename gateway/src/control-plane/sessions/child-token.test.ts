import { describe, expect, it } from 'vitest';

import { createOpaqueToken } from '../../platform/crypto/opaque-token.ts';
import { deriveChildToken } from './refresh.ts';

const key = new Uint8Array(32).fill(7);

describe('the successor of a refresh token', () => {
  it('is always the same, so that a lost response can be repeated', () => {
    const parent = createOpaqueToken();
    expect(deriveChildToken(key, parent)).toBe(deriveChildToken(key, parent));
  });

  it('depends on the preceding token and the key, and differs from the preceding token', () => {
    const parent = createOpaqueToken();
    const child = deriveChildToken(key, parent);
    expect(child).not.toBe(parent);
    expect(child).not.toBe(deriveChildToken(key, createOpaqueToken()));
    expect(child).not.toBe(deriveChildToken(new Uint8Array(32).fill(8), parent));
    expect(deriveChildToken(key, child)).not.toBe(child);
    expect(Buffer.from(child, 'base64url')).toHaveLength(32);
  });
});
